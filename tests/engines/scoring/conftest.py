"""The scales of the national pack."""

from pathlib import Path

import pytest

from yanglao.engines.scoring.scales import read_scale
from yanglao.engines.scoring.tables import AbilityScale, LtcScale

FOLDER = Path(__file__).parents[3] / "policies" / "national" / "assessment"


@pytest.fixture(scope="session")
def ability_text() -> str:
    """The file of GB/T 42195."""
    return (FOLDER / "gbt42195-2022.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def ltc_text() -> str:
    """The file of the long-term care grading."""
    return (FOLDER / "ltc-2021.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def ability_scale(ability_text: str) -> AbilityScale:
    """GB/T 42195 as read."""
    scale = read_scale(ability_text, "gbt42195-2022.yaml")
    assert isinstance(scale, AbilityScale)
    return scale


@pytest.fixture(scope="session")
def ltc_scale(ltc_text: str) -> LtcScale:
    """The long-term care grading as read."""
    scale = read_scale(ltc_text, "ltc-2021.yaml")
    assert isinstance(scale, LtcScale)
    return scale
