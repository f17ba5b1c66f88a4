"""Addresses of the public desk: the pages for everybody."""

from django.urls import URLPattern, path

from yanglao.web.desks.public_desk.views import notice_board, self_check

urlpatterns: list[URLPattern] = [
    path("self/", self_check.self_check, name="self_check"),
    path("board/", notice_board.counties, name="notice_board"),
    path("board/<slug:code>/", notice_board.place, name="notice_board_place"),
]
