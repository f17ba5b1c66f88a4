"""Addresses of the kit itself: look toggle, and the gallery while developing."""

from django.conf import settings
from django.urls import URLPattern, path

from yanglao.web.kit import looking, views

app_name = "kit"

urlpatterns: list[URLPattern] = [
    path("theme/", views.set_theme, name="theme"),
    path("look/", looking.look, name="look"),
    path("downloads/<int:pk>/", views.download, name="download"),
    path("downloads/<int:pk>/file/", views.download_file, name="download-file"),
]

if settings.DEBUG:
    from yanglao.web.kit.gallery.urls import patterns

    urlpatterns += patterns
