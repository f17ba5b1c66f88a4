"""Charts: one question each, a title that says the answer, a table behind.

A :class:`Chart` holds plain data; the browser builds the ECharts picture from its JSON and the
theme's colours. Without script, in print and for screen readers the table stands in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from yanglao.web.kit.parts import Text

_KINDS = ("bar", "column", "line", "pie")


@dataclass(frozen=True, slots=True)
class Series:
    """A named row of numbers; ``None`` is a gap, not zero."""

    name: Text
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart ready for ``{% chart c %}``.

    Attributes:
        kind: ``bar`` (lying, for names), ``column`` (standing, for time), ``line``, ``pie``.
        title: The answer in one sentence (墨玉县漏享最多，占四成).
        question: What is shown, in grey (各县应享未享人数).
        labels: Names along the axis, or of the slices.
        series: One or more rows of numbers.
        label_title: Heading of the first column of the table behind.
        unit: 人, 条, %.
        urls: Address each label opens, empty or one a label.
        target: A line to compare with (100 for a full quota).
        stacked: Series of a bar or column are stacked.
        height: Height in pixels; by default from the number of bars.
    """

    kind: str
    title: Text
    question: Text
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    label_title: Text
    unit: Text = ""
    urls: tuple[str, ...] = ()
    target: float | None = None
    stacked: bool = False
    height: int = 0

    def __post_init__(self) -> None:
        """Refuse series whose length differs from the labels."""
        if self.kind not in _KINDS:
            raise ValueError(f"unknown chart kind {self.kind!r}")
        for row in self.series:
            if len(row.values) != len(self.labels):
                raise ValueError(
                    f"series {row.name}: {len(row.values)} values for {len(self.labels)} labels"
                )
        if self.urls and len(self.urls) != len(self.labels):
            raise ValueError("urls must be empty or one for each label")

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(value for row in self.series for value in row.values)

    @property
    def pixels(self) -> int:
        """Height of the picture."""
        if self.height:
            return self.height
        if self.kind == "bar":
            rows = len(self.labels) * (1 if self.stacked else len(self.series))
            return max(120, 48 + 32 * rows)
        return 300

    @property
    def rows(self) -> list[tuple[str, str, list[float | None]]]:
        """Rows of the table behind: label, address, values."""
        urls = self.urls or ("",) * len(self.labels)
        return [
            (label, urls[place], [row.values[place] for row in self.series])
            for place, label in enumerate(self.labels)
        ]

    @property
    def payload(self) -> dict[str, Any]:
        """What the browser needs, JSON-ready. ``option`` goes to ECharts as it stands."""
        return {
            "option": _OPTIONS[self.kind](self),
            "kind": self.kind,
            "unit": str(self.unit),
            "urls": list(self.urls),
        }


def bar_chart(
    title: Text,
    question: Text,
    pairs: Sequence[tuple[str, float | None]],
    *,
    label_title: Text,
    value_title: Text,
    unit: Text = "",
    urls: Sequence[str] = (),
    target: float | None = None,
    kind: str = "bar",
) -> Chart:
    """Compare one number over names (``bar``) or over time (``column``, ``line``)."""
    return Chart(
        kind=kind,
        title=title,
        question=question,
        labels=tuple(label for label, _value in pairs),
        series=(Series(value_title, tuple(value for _label, value in pairs)),),
        label_title=label_title,
        unit=unit,
        urls=tuple(urls),
        target=target,
    )


def stacked_chart(
    title: Text,
    question: Text,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    label_title: Text,
    unit: Text = "",
    urls: Sequence[str] = (),
    kind: str = "bar",
) -> Chart:
    """Show parts of a whole over names or time."""
    return Chart(
        kind=kind,
        title=title,
        question=question,
        labels=tuple(labels),
        series=tuple(series),
        label_title=label_title,
        unit=unit,
        urls=tuple(urls),
        stacked=True,
    )


def line_chart(
    title: Text,
    question: Text,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    label_title: Text,
    unit: Text = "",
    target: float | None = None,
) -> Chart:
    """Show one or several numbers over time."""
    return Chart(
        kind="line",
        title=title,
        question=question,
        labels=tuple(labels),
        series=tuple(series),
        label_title=label_title,
        unit=unit,
        target=target,
    )


def pie_chart(
    title: Text,
    question: Text,
    pairs: Sequence[tuple[str, float]],
    *,
    label_title: Text,
    value_title: Text,
    unit: Text = "",
) -> Chart:
    """Show shares of one whole; more than six slices are folded into 其他."""
    slices = sorted(pairs, key=lambda pair: -pair[1])
    if len(slices) > 6:
        rest = sum(value for _label, value in slices[5:])
        slices = [*slices[:5], (_("其他"), rest)]
    return Chart(
        kind="pie",
        title=title,
        question=question,
        labels=tuple(label for label, _value in slices),
        series=(Series(value_title, tuple(value for _label, value in slices)),),
        label_title=label_title,
        unit=unit,
    )


def _lying(chart: Chart) -> dict[str, Any]:
    return _axes(
        chart,
        x={"type": "value", "splitNumber": 4},
        y={"type": "category", "data": list(chart.labels), "inverse": True},
    )


def _standing(chart: Chart) -> dict[str, Any]:
    return _axes(
        chart,
        x={"type": "category", "data": list(chart.labels)},
        y={"type": "value", "splitNumber": 4},
    )


def _axes(chart: Chart, x: dict[str, Any], y: dict[str, Any]) -> dict[str, Any]:
    option: dict[str, Any] = {
        "xAxis": x,
        "yAxis": y,
        "series": [_row(chart, row) for row in chart.series],
    }
    if len(chart.series) > 1:
        option["legend"] = {"data": [str(row.name) for row in chart.series]}
    return option


def _row(chart: Chart, row: Series) -> dict[str, Any]:
    drawn: dict[str, Any] = {
        "name": str(row.name),
        "type": "line" if chart.kind == "line" else "bar",
        "data": list(row.values),
    }
    if chart.stacked:
        drawn["stack"] = "all"
    if chart.target is not None:
        axis = "xAxis" if chart.kind == "bar" else "yAxis"
        drawn["markLine"] = {"silent": True, "symbol": "none", "data": [{axis: chart.target}]}
    return drawn


def _round(chart: Chart) -> dict[str, Any]:
    data = [
        {"name": label, "value": value}
        for label, value in zip(chart.labels, chart.series[0].values, strict=True)
    ]
    return {
        "series": [
            {
                "type": "pie",
                "name": str(chart.series[0].name),
                "radius": ["40%", "66%"],
                "data": data,
            }
        ]
    }


_OPTIONS = {"bar": _lying, "column": _standing, "line": _standing, "pie": _round}
