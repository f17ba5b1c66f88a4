"""Addresses of the system desk."""

from django.urls import URLPattern, path

from yanglao.web.desks.system_desk.views import accounts, audit, jobs, places

app_name = "system_desk"

urlpatterns: list[URLPattern] = [
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/open/", accounts.open_new, name="open-account"),
    path("accounts/<int:pk>/approve/", accounts.approve, name="approve-account"),
    path("accounts/<int:pk>/close/", accounts.close, name="close-account"),
    path("accounts/<int:pk>/reopen/", accounts.reopen, name="reopen-account"),
    path("places/", places.places, name="places"),
    path("places/corps/", places.corps, name="corps"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("audit/", audit.audit, name="audit"),
    path("audit/export.xlsx", audit.export, name="audit-export"),
]
