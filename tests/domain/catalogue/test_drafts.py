"""Drafts: nothing is lost, two officers see each other, nobody approves his own."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yanglao.domain.catalogue.public import (
    Draft,
    DraftRefused,
    DraftState,
    EditKind,
    PackToPublish,
    PackVersion,
    approve_draft,
    copy_draft,
    draft_history,
    drafts,
    get_draft,
    open_draft,
    publish_pack,
    record_change,
    submit_draft,
    take_aside,
    take_back_draft,
    undo_change,
    withdraw_draft,
)
from yanglao.foundation.scoping import Reader, system_reader

REGION, COUNTY, OTHER = "653200000000", "653222000000", "653201000000"
DAY = date(2027, 1, 1)


@pytest.fixture
def version(db: None) -> PackVersion:
    """A published version; its text does not matter here."""
    pack = PackToPublish(
        "hetian", "清单", REGION, "h" * 64, {}, date(2024, 1, 1), (("06", "高龄"),)
    )
    return publish_pack(pack=pack, acting=system_reader())[0]


@pytest.fixture
def officer(reader_for: Callable[..., Reader]) -> Callable[..., Reader]:
    """Return ``officer(number, role, area)``: people that can be told apart."""

    def make(number: int, role: str = "prefecture", area: str = REGION) -> Reader:
        return replace(reader_for(role, area), user_id=number, name=f"干部{number}")

    return make


def opened(version: PackVersion, acting: Reader, **more: Any) -> Draft:
    """Begin a draft."""
    told = {"title": "方案", "pack": "hetian", "area": acting.area, "in_force_from": DAY} | more
    return open_draft(base_id=version.pk, acting=acting, **told)


def change(draft: Draft, acting: Reader, key: str, after: Any, base: int):  # type: ignore[no-untyped-def]
    """Change a place as seen on a page of a revision."""
    return record_change(draft_id=draft.pk, key=key, after=after, base_revision=base, acting=acting)


def test_two_officers_at_one_place_lose_nothing(
    version: PackVersion, officer: Callable[..., Reader]
) -> None:
    """The later one is told, his text is kept aside, and may be taken after all."""
    one, other = officer(1), officer(2)
    draft = opened(version, one)
    assert change(draft, one, "item:09", {"who": "a"}, 0).conflict is None
    # Another place, from the same old page: no conflict.
    assert change(draft, other, "item:06", {"who": "x"}, 0).conflict is None
    saved = change(draft, other, "item:09", {"who": "b"}, 0)
    assert saved.conflict is not None and saved.conflict.by_name == "干部1"
    now = get_draft(one, draft.pk)
    assert now.changes == {"item:09": {"who": "a"}, "item:06": {"who": "x"}}
    aside = draft_history(one, now).get(kind=EditKind.ASIDE)
    assert (aside.after, aside.before, aside.number) == ({"who": "b"}, {"who": "a"}, saved.aside)
    take_aside(draft_id=draft.pk, number=saved.aside, acting=other)
    assert get_draft(one, draft.pk).changes["item:09"] == {"who": "b"}
    # The same value again is no change and no conflict.
    before = get_draft(one, draft.pk).revision
    assert change(draft, one, "item:09", {"who": "b"}, 0).revision == before


def test_undo_goes_back_step_by_step(version: PackVersion, officer: Callable[..., Reader]) -> None:
    """To the beginning and not beyond; every step stays in the history."""
    acting = officer(1)
    draft = opened(version, acting)
    for number, value in enumerate(("1", "2")):
        change(draft, acting, "item:09", {"lead_days": value}, number)
    change(draft, acting, "!title", "新名", 2)
    seen = []
    for _step in range(4):
        undone = undo_change(draft_id=draft.pk, acting=acting)
        now = get_draft(acting, draft.pk)
        seen.append((undone.key if undone else None, now.title, now.changes.get("item:09")))
    assert seen == [
        ("!title", "方案", {"lead_days": "2"}),
        ("item:09", "方案", {"lead_days": "1"}),
        ("item:09", "方案", None),
        (None, "方案", None),
    ]
    assert draft_history(acting, draft).count() == 6


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(
        st.one_of(
            st.tuples(st.sampled_from(["item:06", "off:14"]), st.sampled_from(["a", "b", None])),
            st.just("undo"),
        ),
        max_size=12,
    )
)
def test_state_is_what_the_history_comes_to(
    version: PackVersion, officer: Callable[..., Reader], steps: list[Any]
) -> None:
    """Whatever is changed and undone, in any order; beside a plain list of states."""
    acting = officer(1)
    draft = opened(version, acting)
    states: list[dict[str, Any]] = [{}]
    for step in steps:
        if step == "undo":
            undo_change(draft_id=draft.pk, acting=acting)
            if len(states) > 1:
                states.pop()
            continue
        key, value = step
        after = {k: v for k, v in {**states[-1], key: value}.items() if v is not None}
        if after != states[-1]:
            states.append(after)
        change(draft, acting, key, value, 10**6)
    found = get_draft(acting, draft.pk)
    assert found.changes == states[-1]
    replayed: dict[str, Any] = {}
    for edit in draft_history(acting, found).order_by("number"):
        assert replayed.get(edit.key) == edit.before
        replayed[edit.key] = edit.after
    assert {k: v for k, v in replayed.items() if v is not None} == found.changes


def test_scoped_to_the_area(version: PackVersion, officer: Callable[..., Reader]) -> None:
    """A county sees and changes its own drafts only; the prefecture sees all."""
    county, other, all_ = officer(1, "county", COUNTY), officer(2, "county", OTHER), officer(3)
    draft = opened(version, county)
    assert list(drafts(county)) == list(drafts(all_)) == [draft]
    assert not drafts(other).exists()
    with pytest.raises(Draft.DoesNotExist):
        get_draft(other, draft.pk)
    with pytest.raises(PermissionError):
        change(draft, other, "item:06", {"who": "x"}, 0)
    with pytest.raises(PermissionError):
        opened(version, county, area=OTHER)
    with pytest.raises(PermissionError):
        opened(version, officer(4, "town", "653222100000"))


def test_four_eyes(version: PackVersion, officer: Callable[..., Reader]) -> None:
    """Whoever opened, changed or submitted it can't approve; another of the prefecture can."""
    author, helper, chief = officer(1), officer(2), officer(3)
    draft = opened(version, author)
    change(draft, helper, "off:14", True, 0)
    told = {"source_hash": "s", "figures": {"a": 1}, "figures_hash": "f" * 64}
    with pytest.raises(DraftRefused, match="又改过"):
        submit_draft(draft_id=draft.pk, revision=0, acting=author, **told)
    submit_draft(draft_id=draft.pk, revision=1, acting=author, **told)
    for own in (author, helper):
        with pytest.raises(PermissionError):
            approve_draft(draft_id=draft.pk, figures_hash="f" * 64, acting=own)
    with pytest.raises(DraftRefused, match="不是这次"):
        approve_draft(draft_id=draft.pk, figures_hash="g" * 64, acting=chief)
    done = approve_draft(draft_id=draft.pk, figures_hash="f" * 64, acting=chief)
    assert (done.state, done.decided_by) == (DraftState.APPROVED, "干部3")
    with pytest.raises(DraftRefused):
        withdraw_draft(draft_id=draft.pk, acting=author)


def test_taken_back_and_copied(version: PackVersion, officer: Callable[..., Reader]) -> None:
    """Taken back it can be changed again; a copy has the changes and a history of its own."""
    acting = officer(1)
    draft = opened(version, acting)
    change(draft, acting, "off:14", True, 0)
    submit_draft(
        draft_id=draft.pk, revision=1, source_hash="s", figures={}, figures_hash="f", acting=acting
    )
    with pytest.raises(DraftRefused):
        undo_change(draft_id=draft.pk, acting=acting)
    assert take_back_draft(draft_id=draft.pk, acting=acting).figures is None
    made = copy_draft(draft_id=draft.pk, title="另一个", acting=acting)
    assert made.pk != draft.pk and made.changes == {"off:14": True}
    assert undo_change(draft_id=made.pk, acting=acting) is not None
    assert get_draft(acting, draft.pk).changes == {"off:14": True}


@pytest.mark.parametrize("day", [date(2027, 1, 2), date(2027, 12, 31)])
def test_a_month_is_not_cut(
    version: PackVersion, officer: Callable[..., Reader], day: date
) -> None:
    """Only a first of a month can be the day from which it holds."""
    with pytest.raises(DraftRefused, match="1 日"):
        opened(version, officer(1), in_force_from=day)


def test_what_is_no_place_is_refused(version: PackVersion, officer: Callable[..., Reader]) -> None:
    """A key of another shape, or a text without end."""
    draft = opened(version, officer(1))
    for key, value in (("item:09'; DROP", "x"), ("item:09", "x" * 30_000)):
        with pytest.raises(DraftRefused):
            change(draft, officer(1), key, value, 0)
    assert get_draft(officer(1), draft.pk).revision == 0


def test_a_title_is_kept_whole_or_refused(
    version: PackVersion, officer: Callable[..., Reader]
) -> None:
    """Nobody finds half a title on the board, wherever it was typed."""
    draft, long = opened(version, officer(1)), "长" * 81
    for begin in (
        lambda: opened(version, officer(1), title=long),
        lambda: change(draft, officer(1), "!title", long, 0),
    ):
        with pytest.raises(DraftRefused, match="最多 80 个字，现有 81 个字"):
            begin()
    assert get_draft(officer(1), draft.pk).title == "方案"


def test_a_sign_that_nobody_sees_is_refused_wherever_it_stands(
    version: PackVersion, officer: Callable[..., Reader]
) -> None:
    """PostgreSQL holds no NUL, and a sheet no control character."""
    draft = opened(version, officer(1))
    for after in ("高\x00龄", {"who": ["age > 1", "高\x08龄"]}, {"高\x00龄": 1}):
        with pytest.raises(DraftRefused, match="看不见的控制字符"):
            change(draft, officer(1), "item:09", after, 0)
    assert get_draft(officer(1), draft.pk).revision == 0


def test_moves_are_on_record(version: PackVersion, officer: Callable[..., Reader]) -> None:
    """Opening and every decision stand in the record of acts, in the area of the draft."""
    acting = officer(1)
    draft = opened(version, acting)
    withdraw_draft(draft_id=draft.pk, acting=acting)
    from yanglao.foundation.models import AuditEntry

    rows = AuditEntry.objects.filter(subject="draft", subject_id=str(draft.pk))
    assert set(rows.values_list("action", flat=True)) == {"draft_opened", "draft_withdrawn"}
