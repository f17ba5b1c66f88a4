"""What stands around every page: product, place, as-of day, run, search, user, demo banner.

The kit knows no subject, so the facts come from a provider named in ``settings.KIT_FRAME``
(dotted path of ``provider(request) -> Frame``). ``kit.context.kit`` puts the result into every
template as ``kit``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import parse_qsl

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

#: Cookie that remembers the look chosen by the reader: ``song`` or ``elder``.
THEME_COOKIE = "kit_theme"
THEMES = ("song", "elder")


@dataclass(frozen=True, slots=True)
class Place:
    """One step of the place trail, or a place below the current one.

    Attributes:
        name: Name on screen (``"墨玉县"``).
        url: Where choosing it leads; empty when it can't be chosen.
    """

    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """The surroundings of one page.

    Attributes:
        product: Name in the header.
        trail: Places from the highest the reader may see down to the current one (last).
        below: Places one level down, to go deeper.
        below_note: Short count, e.g. ``"16 个乡镇"``.
        as_of: Day to which the data on the page is complete.
        run_label: e.g. ``"第 23 次比对"``; empty when there is none.
        run_url: Page of that run.
        carry: Query string (``"place=653222000000"``) that menu links and search keep, so that
            a chosen place is not lost on the way.
        search_url: Page that takes ``?q=``; empty hides the search box.
        search_hint: Placeholder of the search box.
        user_name: Person signed in, and ``user_office`` the office.
        logout_url: Takes a POST; empty hides 退出.
        account_url: Page of the own account (password).
        login_url: Where a reader without account signs in (public pages).
        demo: Shows "样例数据，人物均为虚构".
        hotline: Telephone number offered on public pages.
    """

    product: str | Promise = field(default_factory=lambda: _("养老服务"))
    trail: tuple[Place, ...] = ()
    below: tuple[Place, ...] = ()
    below_note: str = ""
    as_of: date | None = None
    run_label: str = ""
    run_url: str = ""
    carry: str = ""
    search_url: str = ""
    search_hint: str | Promise = field(default_factory=lambda: _("姓名、身份证号后四位或村名"))
    user_name: str = ""
    user_office: str = ""
    logout_url: str = ""
    account_url: str = ""
    login_url: str = ""
    demo: bool = False
    hotline: str = ""

    @property
    def carried(self) -> list[tuple[str, str]]:
        """``carry`` as pairs, for hidden fields of the search form."""
        return parse_qsl(self.carry)

    @property
    def home_url(self) -> str:
        """The first page, at the place chosen."""
        return f"/?{self.carry}" if self.carry else "/"


def default_frame(request: HttpRequest) -> Frame:
    """Return a frame from the reader alone, for when no provider is configured."""
    reader = getattr(request, "reader", None)
    return Frame(user_name=reader.name if reader else "")


def frame_for(request: HttpRequest) -> Frame:
    """Return the frame of ``request`` from the configured provider."""
    path = getattr(settings, "KIT_FRAME", "")
    provider: Callable[[HttpRequest], Frame] = import_string(path) if path else default_frame
    return provider(request)


def theme_of(request: HttpRequest, default: str = "song") -> str:
    """Return the look the reader chose, from the cookie, else ``default``."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else default
