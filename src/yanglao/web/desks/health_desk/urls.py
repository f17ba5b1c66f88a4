"""Addresses of the health desk."""

from django.urls import URLPattern, path

from yanglao.web.desks.health_desk.views import person, screening, screenings, worse

app_name = "health_desk"

urlpatterns: list[URLPattern] = [
    path("", screenings.board, name="screenings"),
    path("screenings.xlsx", screenings.export, name="screenings-export"),
    path("worse/", worse.board, name="worse"),
    path("worse.xlsx", worse.export, name="worse-export"),
    path("worse/look/", worse.look, name="look"),
    path("worse/<int:pk>/", worse.one, name="worsening"),
    path("person/<int:pk>/", person.person, name="person"),
    path("person/<int:pk>/screen/", screening.screen_one, name="screen"),
    path("<int:pk>/", screening.show, name="screening"),
    path("<int:pk>/move/", screening.move, name="move"),
]
