"""Addresses of the leads desk."""

from django.urls import URLPattern, path

from yanglao.web.desks.leads_desk.views import board, bulk, lead, progress, visit

app_name = "leads_desk"

urlpatterns: list[URLPattern] = [
    path("", board.board, name="board"),
    path("export.xlsx", board.export, name="export"),
    path("progress/", progress.progress, name="progress"),
    path("progress.xlsx", progress.export, name="progress-export"),
    path("progress-public.xlsx", progress.publish, name="progress-public"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("<int:pk>/", lead.lead, name="lead"),
    path("<int:pk>/move/", lead.move, name="move"),
    path("<int:pk>/assign/", lead.assign, name="assign"),
    path("<int:pk>/undo/", lead.undo, name="undo"),
    path("visit/<int:person_pk>/", visit.visit, name="visit"),
]
