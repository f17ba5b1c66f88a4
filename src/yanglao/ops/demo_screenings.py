"""The demo's statuses and early finding: found before the first month, followed after each."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from yanglao.domain.health.public import CareStep, move_care, screenings
from yanglao.domain.people.public import Kind, enter_fact, people_of
from yanglao.domain.statuses.public import TaskState, move_tasks, spells, tasks
from yanglao.flows.find_entitled import recheck_people
from yanglao.flows.follow_statuses import follow_statuses
from yanglao.flows.screen_health import look_for_worse, screen_person, screening_scale
from yanglao.foundation.scoping import system_reader

_REGION = "653200000000"
_COUNTY = "653222000000"
_SCREENED, _BAD, _DAYS = 60, 0.12, 40
_ELDER = 66
#: What people of the demo came to this month, one person each.
_CAME_TO: tuple[dict[str, str], ...] = (
    {"assistance": "tekun", "support_mode": "dispersed", "tekun_care": "half"},
    {"assistance": "tekun", "support_mode": "central", "tekun_care": "full"},
    {"assistance": "tekun", "support_mode": "dispersed", "tekun_care": ""},
    {"assistance": "dibao"},
    {"assistance": "dibao"},
)


def follow_in_demo(say: Callable[[str], None], *, as_of: date) -> None:
    """Hold everybody's statuses against the facts of a day."""
    acting = system_reader(_REGION, name="演示")
    found = follow_statuses(region=_REGION, as_of=as_of, acting=acting).written
    say(
        f"救助供养：进入 {found.entered:,} 人，变化 {found.changed:,} 人，"
        f"离开 {found.left:,} 人，要办的事 {found.tasks:,} 件。"
    )


def enter_statuses(*, as_of: date) -> None:
    """Let officers of one county find out that some people came to a status: steps follow.

    Lists of two months bring hardly any in a small demo. Done once: nobody has been entered so.
    """
    acting = system_reader(_COUNTY, name="演示人员")
    having = spells(acting).values("person_id")
    born = as_of.replace(year=as_of.year - _ELDER, day=1)
    rows = people_of(acting).filter(birth_date__lt=born, died_on=None, in_register=True)
    people = list(rows.exclude(pk__in=having)[: len(_CAME_TO)])
    for person, values in zip(people, _CAME_TO, strict=False):
        enter_fact(
            person_id=person.pk,
            kind=Kind.ASSISTANCE,
            values={"holds_from": as_of, **values},
            acting=acting,
            as_of=as_of,
            reason="镇里已经批准（演示）",
        )
    recheck_people([person.pk for person in people], as_of=as_of, acting=acting)


def show_screenings(say: Callable[[str], None], *, as_of: date, seed: int = 2026) -> None:
    """Screen some people of one county, take some steps, and look for who got worse."""
    acting = system_reader(_COUNTY, name="演示人员")
    if screenings(acting, step="any", as_of=as_of).exists():
        return
    chance = Random(seed)  # noqa: S311  reproducible, not secret
    scale = screening_scale()
    people = [one for one in people_of(acting)[: _SCREENED * 2] if one.died_on is None]
    for person in people[:_SCREENED]:
        answers = {}
        for code, question in scale.questions.items():
            good = "no" if question.bad == "yes" else "yes"
            answers[code] = question.bad if chance.random() < _BAD else good
        screen_person(
            person_id=person.pk,
            answers=answers,
            screened_on=as_of - timedelta(days=chance.randrange(_DAYS)),
            acting=acting,
        )
    for number, one in enumerate(screenings(acting, step="open", as_of=as_of)[:12]):
        due = as_of + timedelta(days=30)
        words = "家庭医生上门看过（演示）"
        move_care(
            screening_id=one.pk, to_step=CareStep.ASSESSED, due_on=due, words=words, acting=acting
        )
        if number % 2:
            words = "已转乡镇卫生院，约好复查（演示）"
            move_care(
                screening_id=one.pk,
                to_step=CareStep.REFERRED,
                due_on=due,
                words=words,
                acting=acting,
            )
    done = list(tasks(acting, as_of=as_of).values_list("pk", flat=True)[:10])
    move_tasks(ids=done, to_state=TaskState.DONE, acting=acting, words="已办（演示）")
    worse = look_for_worse(region=_REGION, as_of=as_of, acting=system_reader(name="演示"))
    say(f"早期发现：筛查 {min(_SCREENED, len(people))} 人，变差 {worse:,} 人。")
