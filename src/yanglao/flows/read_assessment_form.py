"""The form of GB/T 42195 in force on a day: annex A and the scored items of annex B together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from yanglao.engines.scoring.ability import AbilityResult, score_ability
from yanglao.engines.scoring.forms import Form, FormField, FormPart, read_form
from yanglao.engines.scoring.scales import GBT42195, TableErrors, in_force, read_scale
from yanglao.engines.scoring.tables import AbilityScale, Item, LtcScale

__all__ = ["AbilityForm", "FormField", "FormPart", "Item", "NoForm", "ability_form"]

_FOLDER = "national/assessment"


class NoForm(Exception):
    """There is no form for the day, or it may not be used; the message is in Chinese."""


@dataclass(frozen=True, slots=True)
class AbilityForm:
    """A scale and the form around it.

    Attributes:
        scale: The scored items, bands and adjustments.
        form: Annex A, and how the circumstances follow from it.
    """

    scale: AbilityScale
    form: Form

    @property
    def required(self) -> list[str]:
        """Names of the answers without which a sheet is not whole."""
        return self.form.required(self.scale)

    @property
    def refuses(self) -> Callable[[str, Any], str]:
        """Says why a value is no answer to a field, in Chinese; empty when it is one."""
        return lambda field, value: self.form.refuses(self.scale, field, value)

    def score(self, values: Mapping[str, Any]) -> AbilityResult:
        """Score the answers of a sheet, whole or half filled in."""
        return score_ability(self.scale, self.form.answers(self.scale, values))

    def label(self, field: str) -> str:
        """Return clause and name of a question: ``B.1.1 进食``."""
        item = self.scale.items.get(field)
        if item is not None:
            return f"{item.clause} {item.name}"
        asked = self.form.fields.get(field)
        return f"{asked.clause} {asked.label}" if asked else field

    def words(self, field: str, value: Any) -> str:
        """Return an answer as people read it; empty for none."""
        item = self.scale.items.get(field)
        if item is not None:
            said = {option.points: option.says for option in item.options}
            return "" if value is None else f"{value} 分　{said.get(value, '')}".strip()
        asked = self.form.fields.get(field)
        return asked.words(value) if asked else str(value or "")

    def unverified(self) -> tuple[str, ...]:
        """Return what was not seen in a source, in words."""
        return self.scale.unverified()


def ability_form(on: date) -> AbilityForm:
    """Return the form in force on the day of an assessment.

    Raises:
        NoForm: Before the first edition, or when a table has mistakes.
    """
    folder = Path(settings.POLICIES) / _FOLDER
    scale = in_force(_scales(*_state(folder, f"{GBT42195}-*.yaml")), on)
    form = in_force(_forms(*_state(folder, f"form-{GBT42195}-*.yaml")), on)
    if scale is None or form is None:
        raise NoForm(f"{on} 还没有生效的能力评估标准。")
    return AbilityForm(scale, form)


def _state(folder: Path, pattern: str) -> tuple[tuple[str, int], ...]:
    """Return the files and when each was changed: what is kept is kept for these."""
    return tuple((str(file), file.stat().st_mtime_ns) for file in sorted(folder.glob(pattern)))


@lru_cache(maxsize=4)
def _scales(*files: tuple[str, int]) -> tuple[AbilityScale, ...]:
    read = [_read(path, read_scale) for path, _ in files]
    return tuple(one for one in read if not isinstance(one, LtcScale))


@lru_cache(maxsize=4)
def _forms(*files: tuple[str, int]) -> tuple[Form, ...]:
    return tuple(_read(path, read_form) for path, _ in files)


def _read(path: str, reading: Callable[[str, str], Any]) -> Any:
    file = Path(path)
    try:
        return reading(file.read_text(encoding="utf-8"), file.name)
    except TableErrors as error:
        raise NoForm(f"评估标准有误，请改正：{error}") from error
