"""Addresses of the desk."""

from django.urls import path

from yanglao.web.desks.assessor_phone.views import app, sync

app_name = "assessor_phone"

urlpatterns = [
    path("", app.page, name="page"),
    path("sw.js", app.worker, name="worker"),
    path("app.webmanifest", app.manifest, name="manifest"),
    path("work.json", sync.work, name="work"),
    path("edits.json", sync.edits, name="edits"),
    path("acts.json", sync.acts, name="acts"),
    path("contact.json", sync.contact, name="contact"),
]
