"""The first screen of the desk."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yanglao.web.kit.screens import screen


@screen("see_workbench")
def show(request: HttpRequest) -> HttpResponse:
    """Show the first screen."""
    return render(request, "payments_desk/first.html")
