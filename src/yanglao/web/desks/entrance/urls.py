"""Addresses of the entrance."""

from django.urls import URLPattern, path

from yanglao.web.desks.entrance.views import door, factor, links, own, rules

urlpatterns: list[URLPattern] = [
    path("login/", door.sign_in, name="login"),
    path("login/code/", door.code, name="login_code"),
    path("login/second-factor/", door.set_factor, name="login_factor"),
    path("login/link/", links.spend, name="login_link"),
    path("login/link/<str:token>/", links.arrive, name="login_link_token"),
    path("logout/", door.sign_out, name="logout"),
    path("sign-in/", own.account, name="my_account"),
    path("sign-in/sessions/", own.sessions_end, name="sessions_end"),
    path("sign-in/password/", own.password, name="password_change"),
    path("sign-in/second-factor/", factor.turn_on, name="factor_on"),
    path("sign-in/second-factor/off/", factor.turn_off, name="factor_off"),
    path("sign-in/second-factor/codes/", factor.new_codes, name="factor_codes"),
    path("sign-in/rules/", rules.rules, name="sign_in_rules"),
    path("sign-in/links/<int:pk>/", links.give, name="give_link"),
]
