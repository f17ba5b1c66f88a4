"""Addresses of the lists desk."""

from django.urls import URLPattern, path

from yanglao.web.desks.lists_desk.views import (
    batch,
    jobs,
    kinds,
    lists,
    mappings,
    quality,
    received_list,
    upload,
)

app_name = "lists_desk"

urlpatterns: list[URLPattern] = [
    path("", lists.lists_page, name="lists"),
    path("export.xlsx", lists.export, name="export"),
    path("<int:pk>/", received_list.received_list, name="list"),
    path("<int:pk>/returned.xlsx", received_list.returned, name="returned"),
    path("batches/<int:pk>/", batch.batch, name="batch"),
    path("upload/", upload.upload, name="upload"),
    path("upload/<str:token>/", upload.check, name="check"),
    path("upload/<str:token>/take-in/", upload.take_in, name="take-in"),
    path("upload/<str:token>/cancel/", upload.cancel, name="cancel"),
    path("jobs/<int:pk>/", jobs.job, name="job"),
    path("kinds/", kinds.kinds, name="kinds"),
    path("kinds/<slug:code>/", kinds.kind, name="kind"),
    path("kinds/<slug:code>/template.xlsx", kinds.template, name="template"),
    path("quality/", quality.quality, name="quality"),
    path("quality.xlsx", quality.export, name="quality-export"),
    path("mappings/", mappings.mappings_page, name="mappings"),
    path("mappings/forget/", mappings.forget, name="forget-mapping"),
]
