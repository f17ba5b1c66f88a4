"""Signing in and out."""

from typing import Any

from django.conf import settings
from django.contrib.auth import views as auth
from django.http import HttpRequest, HttpResponseBase

from yanglao.domain.accounts.public import Account, accounts_in_area
from yanglao.foundation.scoping import system_reader
from yanglao.web.kit.screens import screen


class _Login(auth.LoginView):
    template_name = "public_desk/sign_in.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the invented accounts of a demo."""
        return super().get_context_data(demo_accounts=_demo_accounts(), **kwargs)


_login = _Login.as_view()
_logout = auth.LogoutView.as_view()


@screen(None, writes=True, public=True)
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Let an officer in; somebody who is in already goes to the workbench."""
    return _login(request)


@screen(None, writes=True)
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """End the session and go to the login page."""
    return _logout(request)


def _demo_accounts() -> list[Account]:
    """Return the invented accounts, so that a visitor of the demo knows whom to be."""
    if not settings.DEMO:
        return []
    return list(accounts_in_area(system_reader()).filter(invented=True, is_active=True)[:12])
