"""各地办到哪一步: the places one level down, each with its numbers; as table, chart and map."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext as _

from yanglao.domain.entitlements.public import Run, TallyRow, tallies
from yanglao.domain.leads.public import ProgressRow, progress_by_place
from yanglao.domain.places.public import children, map_shapes
from yanglao.foundation.scoping import Reader
from yanglao.kernel.division import level_of
from yanglao.web.desks.workbench.addresses import address
from yanglao.web.kit.charts import Chart, bar_chart
from yanglao.web.kit.maps import Area, Map, shaded_map
from yanglao.web.kit.parts import Bar

By = Literal["county", "town", "village"]

#: Level of the reader's area -> level of the rows.
_BELOW: dict[str, By] = {
    "province": "county",
    "prefecture": "county",
    "county": "town",
    "town": "village",
}

#: Under this share of delivered leads the bar stands out.
_BEHIND = 0.5
_CHARTED = 12


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place below the reader's in numbers.

    Attributes:
        code: Division code.
        name: Its name.
        url: The workbench of that place.
        open: Leads not yet closed.
        delivered: Leads delivered.
        total: All leads but lapsed ones.
        missing_out: People and items that should be and are not yet, by the last run.
    """

    code: str
    name: str
    url: str
    open: int
    delivered: int
    total: int
    missing_out: int

    @property
    def bar(self) -> Bar:
        """Share of leads delivered."""
        behind = bool(self.total) and self.delivered < self.total * _BEHIND
        return Bar(self.delivered, self.total, "accent" if behind else "primary")


def place_rows(reader: Reader, run: Run | None) -> list[PlaceRow]:
    """Return the places directly below the reader's area, in three queries; a village has none."""
    by = _BELOW.get(level_of(reader.area))
    if by is None:
        return []
    progress = {row.code: row for row in progress_by_place(reader, by)}
    tally = {row.code: row for row in tallies(reader, run, by)}
    rows = [
        _row(place.code, place.name, progress.get(place.code), tally.get(place.code))
        for place in children(reader.area)
    ]
    # People of whom only the area itself is known, not the place below it.
    own = progress.get(reader.area)
    if own is not None:
        rows.append(_row(reader.area, str(_("下级地点不详")), own, tally.get(reader.area)))
    return rows


def _row(code: str, name: str, done: ProgressRow | None, found: TallyRow | None) -> PlaceRow:
    return PlaceRow(
        code=code,
        name=name,
        url=address("workbench", place=code),
        open=done.open if done else 0,
        delivered=done.delivered if done else 0,
        total=done.total if done else 0,
        missing_out=found.not_delivered if found else 0,
    )


def places_chart(rows: Sequence[PlaceRow]) -> Chart | None:
    """Return the places where most miss out, ``None`` when there is nothing to compare."""
    ranked = sorted((row for row in rows if row.missing_out), key=lambda row: -row.missing_out)
    if len(ranked) < 2:
        return None
    shown = ranked[:_CHARTED]
    return bar_chart(
        _title(ranked),
        _("各地该享未享人次")
        if len(shown) == len(ranked)
        else _("该享未享人次最多的 %(number)d 个地方") % {"number": len(shown)},
        [(row.name, row.missing_out) for row in shown],
        label_title=_("地点"),
        value_title=_("该享未享"),
        unit=_("人次"),
        urls=[row.url for row in shown],
    )


def places_map(reader: Reader, rows: Sequence[PlaceRow]) -> Map | None:
    """Return a map of counties shaded by how many miss out; ``None`` below the prefecture."""
    if level_of(reader.area) != "prefecture" or not any(row.missing_out for row in rows):
        return None
    shapes = _shapes(reader)
    ranked = sorted(rows, key=lambda row: -row.missing_out)
    return shaded_map(
        _title(ranked),
        _("各县市该享未享人次（示意图，不作界线依据）"),
        [
            Area(
                code=row.code,
                name=row.name,
                value=row.missing_out,
                shape=shapes.get(row.code),
                url=row.url,
                note=_("线索没办完 %(open)d 条") % {"open": row.open},
            )
            for row in rows
        ],
        value_title=_("该享未享"),
        unit=_("人次"),
        height=340,
    )


def _title(ranked: Sequence[PlaceRow]) -> str:
    total = sum(row.missing_out for row in ranked)
    most = ranked[0]
    words = {"place": most.name, "share": round(most.missing_out * 100 / total)}
    return _("%(place)s漏享最多，占 %(share)d%%") % words


def _shapes(reader: Reader) -> dict[str, Any]:
    return {
        feature["properties"]["code"]: feature["geometry"]
        for feature in map_shapes(reader)["features"]
    }
