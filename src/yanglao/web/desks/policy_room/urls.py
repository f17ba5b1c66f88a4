"""Addresses of the policy room."""

from django.urls import URLPattern, path

from yanglao.web.desks.policy_room.views import catalogue, item, people, versions

app_name = "policy_room"

urlpatterns: list[URLPattern] = [
    path("", catalogue.catalogue, name="catalogue"),
    path("catalogue.xlsx", catalogue.export, name="catalogue-export"),
    path("versions/", versions.versions_page, name="versions"),
    path("<slug:code>/", item.item, name="item"),
    path("<slug:code>/people/", people.people, name="people"),
    path("<slug:code>/people.xlsx", people.export, name="people-export"),
]
