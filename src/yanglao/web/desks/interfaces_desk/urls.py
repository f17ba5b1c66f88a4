"""Addresses of the desk."""

from django.urls import URLPattern, path

from yanglao.web.desks.interfaces_desk.views import hooks, keys

app_name = "interfaces_desk"

urlpatterns: list[URLPattern] = [
    path("", keys.keys, name="keys"),
    path("keys/new/", keys.new, name="new-key"),
    path("keys/<int:key_pk>/revoke/", keys.revoke, name="revoke-key"),
    path("hooks/", hooks.hooks, name="hooks"),
    path("hooks/new/", hooks.new, name="new-hook"),
    path("hooks/<int:hook_pk>/", hooks.hook, name="hook"),
    path("hooks/<int:hook_pk>/switch/", hooks.switch, name="switch-hook"),
    path("deliveries/<int:delivery_pk>/again/", hooks.again, name="send-again"),
]
