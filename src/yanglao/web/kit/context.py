"""Template context of every page: ``kit`` (frame, menu, theme)."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from yanglao.web.kit.frame import Frame, frame_for, theme_of
from yanglao.web.kit.menu import MenuLine, lines_for


class Kit:
    """Lazy surroundings of a page, so that fragments and error pages cost nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._frame: Frame | None = None
        self._menu: list[MenuLine] | None = None

    @property
    def frame(self) -> Frame:
        """Product, place, day, user (see ``kit.frame``)."""
        if self._frame is None:
            self._frame = frame_for(self._request)
        return self._frame

    @property
    def menu(self) -> list[MenuLine]:
        """Menu lines the reader may open."""
        if self._menu is None:
            self._menu = lines_for(self._request, self.frame.carry)
        return self._menu

    @property
    def theme(self) -> str:
        """``song`` or ``elder``, as chosen by the reader."""
        return theme_of(self._request)

    @property
    def elder_theme(self) -> str:
        """The look of public pages: ``elder`` unless the reader chose otherwise."""
        return theme_of(self._request, default="elder")

    @property
    def here(self) -> str:
        """Path with query of this page, to come back to."""
        return self._request.get_full_path()


def kit(request: HttpRequest) -> dict[str, Any]:
    """Context processor: add ``kit`` to every template."""
    return {"kit": SimpleLazyObject(lambda: Kit(request))}
