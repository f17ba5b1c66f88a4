"""The app itself: an empty page, its service worker and its manifest. No data of anybody."""

import json
from hashlib import sha256

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.web.desks.assessor_phone.words import words
from yanglao.web.kit.assets import DIST, asset
from yanglao.web.kit.screens import screen

#: The page lies on the phone, so no word of one answer (nonce) can let its script in. It has no
#: script of its own: files of this server only, nothing inline, nothing evaluated.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; font-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
#: The place of the visit is asked for; the camera is opened by the file field, without permission.
_PERMISSIONS = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(self), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
)
_WORKER = "assessor-sw.js"


@screen(Permission.ASSESS)
def page(request: HttpRequest) -> HttpResponse:
    """Give the empty page; the same for every assessor."""
    plain = _of_the_desk("assessment_desk:mine") or reverse("workbench")
    told = {"words": words(), "addresses": _addresses(), "plain": plain}
    answer = render(request, "assessor_phone/app.html", told)
    answer["Content-Security-Policy"] = _POLICY
    answer["Permissions-Policy"] = _PERMISSIONS
    return answer


@screen(Permission.ASSESS)
def worker(request: HttpRequest) -> HttpResponse:
    """Give the service worker, with the list of files of this build in front."""
    files = [
        asset("app.css"),
        asset("assessor-look.css"),
        asset("assessor.js"),
        static("kit/mark.svg"),
    ]
    home = reverse("assessor_phone:page")
    told = json.dumps([files, words(), _addresses()], sort_keys=True)
    code = (DIST / _WORKER).read_text(encoding="utf-8")
    version = sha256((told + code).encode()).hexdigest()[:12]
    shell = json.dumps({"version": version, "home": home, "files": files})
    answer = HttpResponse(f"const SHELL = {shell};\n{code}", content_type="text/javascript")
    answer["Cache-Control"] = "no-cache"
    return answer


@screen(Permission.ASSESS)
def manifest(request: HttpRequest) -> JsonResponse:
    """Say how the app is called and looks when it is put on the home screen."""
    home = reverse("assessor_phone:page")
    icon = {"src": static("kit/mark.svg"), "sizes": "any", "type": "image/svg+xml"}
    drawn = [
        {"src": asset(f"icon-{side}.png"), "sizes": f"{side}x{side}", "type": "image/png"}
        for side in (192, 512)
    ]
    told = {
        "id": home,
        "name": _("养老 · 能力评估"),
        "short_name": _("能力评估"),
        "lang": "zh-CN",
        "start_url": home,
        "scope": home,
        "display": "standalone",
        "background_color": "#f6f5f1",
        "theme_color": "#0f5f52",
        "icons": [
            {**one, "purpose": purpose} for one in (icon, *drawn) for purpose in ("any", "maskable")
        ],
    }
    return JsonResponse(
        told,
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )


def _addresses() -> dict[str, str]:
    names = ("page", "worker", "work", "edits", "acts", "contact")
    found = {name: reverse(f"assessor_phone:{name}") for name in names}
    home = found.pop("page")
    login = f"{reverse('login')}?next={home}"
    table = _of_the_desk("assessment_desk:entry", "SHEET")
    return {**found, "home": home, "login": login, "logout": reverse("logout"), "table": table}


def _of_the_desk(name: str, *args: str) -> str:
    """Return an address of the desk's own form without script; empty where there is no such."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
