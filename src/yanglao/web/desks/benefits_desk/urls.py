"""Addresses of the desk."""

from django.urls import URLPattern, path

from yanglao.web.desks.benefits_desk.views import (
    accounts,
    acts,
    alerts,
    apply,
    bulk,
    case,
    cases,
    disputes,
    found,
    notices,
    own,
)

app_name = "benefits_desk"

urlpatterns: list[URLPattern] = [
    path("", cases.cases, name="cases"),
    path("export.xlsx", cases.export, name="export"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("<int:pk>/", case.case, name="case"),
    path("<int:pk>/<slug:act>/", acts.act, name="act"),
    path("apply/", apply.search, name="apply"),
    path("apply/<int:person_pk>/", apply.choose, name="apply-choose"),
    path("apply/<int:person_pk>/<slug:code>/", apply.confirm, name="apply-confirm"),
    path("found/", found.found, name="found"),
    path("notices/", notices.notices, name="notices"),
    path("notices/<int:pk>/", notices.notice, name="notice"),
    path("disputes/", disputes.disputes, name="disputes"),
    path("disputes/<int:pk>/", disputes.decide, name="dispute"),
    path("alerts/", alerts.alerts, name="alerts"),
    path("accounts/", accounts.waiting, name="accounts"),
    path("accounts/list/", accounts.take, name="accounts-list"),
    path("accounts/template.xlsx", accounts.template, name="accounts-template"),
    path("accounts/<int:pk>/decide/", accounts.decide, name="account-decide"),
    path("accounts/person/<int:person_pk>/", accounts.enter, name="account-enter"),
    path("own/", own.own, name="own"),
]
