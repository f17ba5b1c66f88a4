"""The two token sets: every pair of ink and paper that occurs has enough contrast."""

import re
from itertools import product
from pathlib import Path

import pytest

CSS = "frontend/css"
#: WCAG 2.2 AA for text; standards 12.1 for elder pages says the same.
TEXT = 4.5
#: WCAG 2.2 AA 1.4.11 for lines that carry meaning (edges of controls, bars).
SHAPE = 3.0
#: What elder mode aims at: WCAG AAA.
STRONG = 7.0

_SOFT = ("primary", "accent", "warning", "error", "info", "success")
_SOLID = (*_SOFT, "secondary", "neutral")
_PAPER = ("base-100", "base-200")


def tokens(repository: Path, theme: str) -> dict[str, str]:
    text = (repository / CSS / "themes.css").read_text(encoding="utf-8")
    block = re.search(rf'name: "{theme}";(.*?)\n}}', text, re.DOTALL)
    assert block
    return dict(re.findall(r"--color-([\w-]+): (#[0-9a-f]{6});", block[1]))


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_formula_is_the_one_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["song", "elder"])
def test_text_can_be_read(theme: str, repository: Path) -> None:
    token = tokens(repository, theme)
    pairs = [
        *product(("base-content", "muted"), _PAPER),
        ("base-content", "base-300"),
        # Warm and warning words stand on white, on warm paper and on their own tint.
        *product(("accent", "warning", "error", "info", "success", "primary"), _PAPER),
        *((name, f"{name}-soft") for name in _SOFT),
        *(("base-content", f"{name}-soft") for name in _SOFT),
        *((f"{name}-content", name) for name in _SOLID),
    ]
    weak = {
        pair: round(contrast(token[pair[0]], token[pair[1]]), 2)
        for pair in pairs
        if contrast(token[pair[0]], token[pair[1]]) < TEXT
    }
    assert weak == {}


@pytest.mark.parametrize("theme", ["song", "elder"])
def test_edges_of_controls_can_be_seen(theme: str, repository: Path) -> None:
    token = tokens(repository, theme)
    for paper in _PAPER:
        assert contrast(token["edge"], token[paper]) >= SHAPE
    for bar in ("primary", "accent", "warning"):
        assert contrast(token[bar], token["base-300"]) >= SHAPE


def test_elder_mode_is_stronger(repository: Path) -> None:
    token = tokens(repository, "elder")
    for ink, paper in (
        ("base-content", "base-100"),
        ("muted", "base-100"),
        ("primary-content", "primary"),
        ("accent", "base-100"),
        ("warning", "warning-soft"),
    ):
        assert contrast(token[ink], token[paper]) >= STRONG, (ink, paper)


def test_words_on_the_header_can_be_read(repository: Path) -> None:
    """White on pine, and the placeholder on the darker search box (16% black over pine)."""
    placeholder = "#e3efec"
    for theme in ("song", "elder"):
        pine = tokens(repository, theme)["primary"]
        darker = "#" + "".join(
            f"{round(int(pine[place : place + 2], 16) * 0.84):02x}" for place in (1, 3, 5)
        )
        assert contrast(placeholder, darker) >= TEXT
        assert contrast("#ffd89b", pine) >= SHAPE, "focus ring on the header"


def test_chart_and_map_colours(repository: Path) -> None:
    """Series are seen on white, words inside bars are read, shades go one way in even steps."""
    charts = (repository / "frontend/js/charts.js").read_text(encoding="utf-8")
    song = tokens(repository, "song")
    palette_text = re.search(r"palette: \[(.*?)\]", charts, re.DOTALL)
    words_text = re.search(r"onPalette: \[(.*?)\]", charts, re.DOTALL)
    assert palette_text
    assert words_text
    palette = [
        song[name] if name else colour
        for name, colour in re.findall(
            r'read\("--color-([\w-]+)"\)|"(#[0-9a-f]{6})"', palette_text[1]
        )
    ]
    words = re.findall(r"#[0-9a-f]{6}", words_text[1])
    assert len(palette) == len(words) == 6
    for colour, word in zip(palette, words, strict=True):
        assert contrast(colour, song["base-100"]) >= SHAPE, colour
        assert contrast(colour, word) >= 4.0, (colour, word)
    maps = (repository / "frontend/js/maps.js").read_text(encoding="utf-8")
    shades_text = re.search(r"SHADES = \[(.*?)\]", maps)
    assert shades_text
    shades = re.findall(r"#[0-9a-f]{6}", shades_text[1])
    light = [luminance(shade) for shade in shades]
    assert light == sorted(light, reverse=True)
    css = (repository / CSS / "pictures.css").read_text(encoding="utf-8")
    assert re.findall(r"\.k-shade-\d \{\n    fill: (#[0-9a-f]{6})", css) == shades


def test_no_text_is_smaller_than_14_px(repository: Path) -> None:
    """0.875rem of 16 px; elder mode counts from 20 px."""
    for path in sorted((repository / CSS).glob("*.css")):
        sizes = re.findall(r"font-size: ([\d.]+)rem", path.read_text(encoding="utf-8"))
        assert all(float(size) >= 0.875 for size in sizes), path.name


def test_elder_text_and_targets_are_large_enough(repository: Path) -> None:
    """Standards 12.1: text from 18, main targets from 60 by 60."""
    base = (repository / CSS / "base.css").read_text(encoding="utf-8")
    assert re.search(r'\[data-theme="elder"\] \{\n    font-size: 20px', base)
    elder = (repository / CSS / "elder.css").read_text(encoding="utf-8")
    themed = elder[elder.index('[data-theme="elder"]') :]
    assert all(float(size) * 20 >= 18 for size in re.findall(r"font-size: ([\d.]+)rem", themed))
    assert all(int(size) >= 60 for size in re.findall(r"min-height: (\d+)px", themed))
