"""Addresses of the policy room."""

from django.urls import URLPattern, path

from yanglao.web.desks.policy_room.views import (
    catalogue,
    compare,
    item,
    people,
    rule_book,
    versions,
)

app_name = "policy_room"

urlpatterns: list[URLPattern] = [
    path("", catalogue.catalogue, name="catalogue"),
    path("catalogue.xlsx", catalogue.export, name="catalogue-export"),
    path("catalogue-public.xlsx", catalogue.publish, name="catalogue-public"),
    path("rule-book/", rule_book.rule_book, name="rule-book"),
    path("rule-book.md", rule_book.text, name="rule-book-text"),
    path("versions/", versions.versions_page, name="versions"),
    path("versions/compare/", compare.compare, name="compare"),
    path("<slug:code>/", item.item, name="item"),
    path("<slug:code>/people/", people.people, name="people"),
    path("<slug:code>/people.xlsx", people.export, name="people-export"),
]
