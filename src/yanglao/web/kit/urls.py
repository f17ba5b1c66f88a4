"""Addresses of the kit itself: look toggle, and the gallery while developing."""

from django.conf import settings
from django.urls import URLPattern, path

from yanglao.web.kit import views

app_name = "kit"

urlpatterns: list[URLPattern] = [path("theme/", views.set_theme, name="theme")]

if settings.DEBUG or getattr(settings, "KIT_GALLERY", False):
    from yanglao.web.kit.gallery import views as gallery

    urlpatterns += [
        path("gallery/", gallery.page, name="gallery"),
        path("gallery/elder/", gallery.elder_page, name="gallery-elder"),
        path("gallery/list/", gallery.list_part, name="gallery-list"),
        path("gallery/list.xlsx", gallery.export, name="gallery-export"),
        path("gallery/progress/", gallery.progress_part, name="gallery-progress"),
        path("gallery/act/", gallery.act, name="gallery-act"),
        path("gallery/form/", gallery.form_page, name="gallery-form"),
    ]
