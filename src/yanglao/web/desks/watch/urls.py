"""Addresses that other machines watch."""

from django.urls import URLPattern, path

from yanglao.web.desks.watch.views import health, metrics

urlpatterns: list[URLPattern] = [
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("metrics", metrics.metrics, name="metrics"),
]
