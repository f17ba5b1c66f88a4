"""The one timetable: what is asked for without anybody asking, and when (Beijing time)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from yanglao.domain.catalogue.public import pack_in_force, versions
from yanglao.foundation import clock
from yanglao.foundation.jobs import defer, jobs_of_area
from yanglao.foundation.scoping import system_reader
from yanglao.foundation.worker import also_look_at

#: Who asks for timed jobs; also how a slot is known to have been served.
TIMED = "定时任务"


@dataclass(frozen=True, slots=True)
class Entry:
    """A timed job.

    Attributes:
        name: Name of the job.
        slot: The last moment, up to now, at which it was to be asked for.
        ask: Asks for it; does nothing when there is nothing to do.
    """

    name: str
    slot: Callable[[datetime], datetime]
    ask: Callable[[], None]


def _monthly(day: int, at: time) -> Callable[[datetime], datetime]:
    """Return the slot of a day of the month."""

    def slot(now: datetime) -> datetime:
        local = now.astimezone(clock.BEIJING)
        this = datetime.combine(local.date().replace(day=day), at, tzinfo=clock.BEIJING)
        if this <= local:
            return this
        before = local.date().replace(day=1) - timedelta(days=1)
        return datetime.combine(before.replace(day=day), at, tzinfo=clock.BEIJING)

    return slot


def _daily(at: time) -> Callable[[datetime], datetime]:
    """Return the slot of a time of day."""

    def slot(now: datetime) -> datetime:
        local = now.astimezone(clock.BEIJING)
        this = datetime.combine(local.date(), at, tzinfo=clock.BEIJING)
        return this if this <= local else this - timedelta(days=1)

    return slot


def _ask_match() -> None:
    version = pack_in_force(clock.today())
    if version is not None:
        reader = system_reader(version.region_code, name=TIMED)
        defer("find_entitled", reader, region=version.region_code)


def _ask_conflicts() -> None:
    version = pack_in_force(clock.today())
    if version is not None:
        defer("look_for_conflicts", system_reader(version.region_code, name=TIMED))


def _ask_worse() -> None:
    version = pack_in_force(clock.today())
    if version is not None:
        reader = system_reader(version.region_code, name=TIMED)
        defer("look_for_worse", reader, region=version.region_code)


def _ask_sweep() -> None:
    defer("sweep_uploads", system_reader(name=TIMED))


def _ask_anchor() -> None:
    defer("anchor_audit", system_reader(name=TIMED))


def _ask_sweep_sign_in() -> None:
    defer("sweep_sign_in", system_reader(name=TIMED))


def _ask_assessments() -> None:
    defer("close_assessment_notices", system_reader(name=TIMED))


def _ask_reminders() -> None:
    defer("remind_assessments", system_reader(name=TIMED))


TIMETABLE: tuple[Entry, ...] = (
    # Before the match: what a rule decides until a person has, facts follow by then.
    Entry("look_for_conflicts", _daily(time(1, 0)), _ask_conflicts),
    # On the first of the month birthdays and ended terms of the month before are all in.
    Entry("find_entitled", _monthly(1, time(2, 0)), _ask_match),
    # After the match of the month, over the same facts.
    Entry("look_for_worse", _monthly(2, time(3, 0)), _ask_worse),
    Entry("anchor_audit", _daily(time(0, 10)), _ask_anchor),
    Entry("close_assessment_notices", _daily(time(0, 30)), _ask_assessments),
    Entry("remind_assessments", _daily(time(0, 40)), _ask_reminders),
    Entry("sweep_uploads", _daily(time(3, 30)), _ask_sweep),
    Entry("sweep_sign_in", _daily(time(3, 40)), _ask_sweep_sign_in),
)


def ask_due(now: datetime) -> list[str]:
    """Ask for every timed job whose slot has come and was not served; return their names.

    A slot from before the instance was made (its first published catalogue) is nobody's.
    """
    first = versions().order_by("published_at").values_list("published_at", flat=True).first()
    if first is None:
        return []
    asked = []
    for entry in TIMETABLE:
        slot = entry.slot(now)
        served = jobs_of_area(system_reader()).filter(
            name=entry.name, asked_by_name=TIMED, asked_at__gte=slot
        )
        if slot > first and not served.exists():
            entry.ask()
            asked.append(entry.name)
    return asked


also_look_at(ask_due)
