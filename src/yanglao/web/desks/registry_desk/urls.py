"""Addresses of the registry desk."""

from django.urls import URLPattern, path

from yanglao.web.desks.registry_desk.views import file, record, reveal, search, sheet

app_name = "registry_desk"

urlpatterns: list[URLPattern] = [
    path("", search.search, name="search"),
    path("<int:pk>/", file.file, name="file"),
    path("<int:pk>/print/", sheet.sheet, name="sheet"),
    path("<int:pk>/reveal/", reveal.show, name="reveal"),
    path("<int:pk>/record/", record.choose, name="record-choose"),
    path("<int:pk>/record/<slug:kind>/", record.record, name="record"),
]
