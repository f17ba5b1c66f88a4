"""The small Hetian of ``tests/web/desks/factories.py``, with assessors and assessments."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.flows import assessing as a
from tests.web.desks.factories import World, _fixed_day_and_own_folder, places, world
from yanglao.domain.assessments.models import Assessment, Result, Sheet
from yanglao.flows.conclude_assessment import conclude_assessment

__all__ = ["_fixed_day_and_own_folder", "places", "world"]


@dataclass(frozen=True, slots=True)
class Assessed:
    """What the desk shows.

    Attributes:
        team: Nurse and social worker of the county.
        sheet: Of ``old``, planned for today, nothing answered.
        result: Of ``poor``, on public notice.
        far: Of ``far``, in another county, waiting for a decision.
    """

    world: World
    team: a.Team
    sheet: Sheet
    result: Result
    far: Assessment


def read_whole(answer: Any) -> bytes:
    """Read an answer whole and let go of its file; ``close()`` would close the database too."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    for closer in answer._resource_closers:
        closer()
    return content


@pytest.fixture
def assessed(world: World) -> Assessed:
    """One planned, one on notice, one in another county."""
    team = a.team()
    sheet = a.planned(world.old, team.pair)
    done = a.planned(world.poor, team.pair)
    a.fill_and_finish(done, team, points=1)
    result = conclude_assessment(assessment_id=done.assessment_id, acting=a.OFFICER, as_of=a.TODAY)
    [far] = a.accepted(world.far)
    return Assessed(world, team, sheet, result, far)
