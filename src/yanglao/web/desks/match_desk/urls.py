"""Addresses of the match desk."""

from django.urls import URLPattern, path

from yanglao.web.desks.match_desk.views import changes, held, run, runs, start

app_name = "match_desk"

urlpatterns: list[URLPattern] = [
    path("", runs.runs, name="runs"),
    path("start/", start.start, name="start"),
    path("jobs/<int:pk>/", start.job, name="job"),
    path("<int:pk>/", run.run, name="run"),
    path("<int:pk>/items.xlsx", run.export, name="run-export"),
    path("<int:pk>/changes/", changes.changes_page, name="changes"),
    path("<int:pk>/changes.xlsx", changes.export, name="changes-export"),
    path("held/<int:pk>/release/", held.release, name="release"),
]
