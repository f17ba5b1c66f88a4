"""Addresses of the privacy desk."""

from django.urls import URLPattern, path

from yanglao.web.desks.privacy_desk.views import answer, consents, grants, holds, person, requests

app_name = "privacy_desk"

urlpatterns: list[URLPattern] = [
    path("", requests.requests, name="requests"),
    path("<int:pk>/", answer.request_page, name="request"),
    path("people/<int:pk>/", person.person, name="person"),
    path("people/<int:pk>/who-looked/", person.looked, name="who-looked"),
    path("people/<int:pk>/copy.xlsx", person.copy_sheet, name="copy-sheet"),
    path("people/<int:pk>/copy.json", person.copy_plain, name="copy-plain"),
    path("people/<int:pk>/ask/", requests.take, name="take"),
    path("people/<int:pk>/consent/", consents.give, name="consent"),
    path("people/<int:pk>/hold/", holds.place, name="hold"),
    path("consents/<int:pk>/withdraw/", consents.withdraw, name="withdraw"),
    path("consents/texts/", consents.texts, name="texts"),
    path("holds/<int:pk>/lift/", holds.lift, name="lift"),
    path("grants/", grants.grants, name="grants"),
    path("grants/ask/", grants.ask, name="grant-ask"),
    path("grants/<int:pk>/", grants.grant, name="grant"),
]
