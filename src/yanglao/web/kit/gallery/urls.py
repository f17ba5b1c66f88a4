"""Addresses of the gallery, part of the kit's own while ``DEBUG`` is on."""

from django.urls import URLPattern, path

from yanglao.web.kit.gallery import views

patterns: list[URLPattern] = [
    path("gallery/", views.page, name="gallery"),
    path("gallery/pictures/", views.pictures, name="gallery-pictures"),
    path("gallery/elder/", views.elder_page, name="gallery-elder"),
    path("gallery/list.xlsx", views.export, name="gallery-export"),
    path("gallery/progress/", views.progress_part, name="gallery-progress"),
    path("gallery/act/", views.act, name="gallery-act"),
    path("gallery/form/", views.form_page, name="gallery-form"),
]
