"""A draft from its first change to a published version: who gains, who decides, what stays."""

from collections.abc import Callable
from datetime import date

import pytest

from tests.flows import population as p
from yanglao.domain.catalogue.public import (
    ComparisonState,
    Draft,
    DraftRefused,
    DraftState,
    approve_draft,
    get_comparison,
    get_draft,
    pack_in_force,
    record_change,
    return_draft,
    source_of,
)
from yanglao.flows.compare_drafts import ask_to_compare, touched_people
from yanglao.flows.draft_catalogue import begin_draft, newer_base, read_draft
from yanglao.flows.find_entitled import find_entitled
from yanglao.flows.open_pack import open_pack
from yanglao.flows.publish_draft import move_to_newest, publish, revision_due, submit
from yanglao.flows.weigh_drafts import forget_facts
from yanglao.foundation.jobs import run_all
from yanglao.foundation.scoping import Reader, system_reader

NEXT_YEAR = date(2027, 1, 1)
TODAY = date(2026, 11, 5)
COUNTY = "653222000000"


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANGLAO_TODAY", TODAY.isoformat())
    forget_facts()


@pytest.fixture
def people(tiny_hetian: str) -> dict[str, int]:
    """Four old people whose answers the drafts below move, and a match that saw them."""
    p.publish()
    p.cover()
    found = {
        "old": p.elder(1, date(1940, 5, 1)),
        "almost": p.elder(2, date(1951, 5, 1)),  # 75
        "nearly": p.elder(3, date(1952, 5, 1), place=p.FAR),  # 74
        "poor": p.elder(4, date(1960, 5, 1), assistance={}, assessment={"ability_level": 2}),
        "unknown": p.elder(5, date(1960, 5, 1), place=p.NEIGHBOUR, assistance={}),
    }
    find_entitled(region=p.REGION, as_of=p.AS_OF, acting=system_reader(p.REGION))
    return {name: one.pk for name, one in found.items()}


Change = Callable[..., Draft]


@pytest.fixture
def draft_of(reader_for: Callable[..., Reader], people: dict[str, int]) -> Change:
    """Return ``draft_of(changes, area=…, title=…)``: a draft with these changes."""

    def make(changes: dict[str, object], area: str = p.REGION, title: str = "方案") -> Draft:
        role = "prefecture" if area == p.REGION else "county"
        acting = reader_for(role, area)
        draft = begin_draft(title=title, area=area, in_force_from=NEXT_YEAR, acting=acting)
        for key, value in changes.items():
            saved = record_change(
                draft_id=draft.pk, key=key, after=value, base_revision=10**6, acting=acting
            )
            assert saved.conflict is None
        return get_draft(acting, draft.pk)

    return make


FROM_75 = {
    "value:advanced_age": {"from": "2027-01-01", "value": 75, "document": "会议", "article": "一"}
}
LEVEL_2 = {
    "fact:cannot_care_for_self": {
        "label": "生活不能自理",
        "rule": "ability_level >= 2 OR tekun_care = 'full'",
        "clause": "会议",
    },
    "money:09": {"label": "护理补贴月标准", "per": "month"},
    "amount:allowance_09:6532:": {
        "from": "2027-01-01",
        "value": 20000,
        "document": "会议",
        "article": "二",
    },
}


def confirmed(draft: Draft, acting: Reader) -> Draft:
    """Confirm every case that comes out otherwise."""
    for case in read_draft(draft).failed:
        record_change(
            draft_id=draft.pk, key=case.key, after=case.got_word, base_revision=10**6, acting=acting
        )
    return get_draft(acting, draft.pk)


def compared(reader: Reader, *drafts: Draft):  # type: ignore[no-untyped-def]
    """Ask, let the worker run, return the finished comparison."""
    asked = ask_to_compare([one.pk for one in drafts], acting=reader)
    failed = [job.error for job in run_all() if job.error]
    assert not failed, failed[0]
    return get_comparison(reader, asked.pk)


def test_who_gains_who_is_unknown_and_who_is_just_outside(
    draft_of: Change, people: dict[str, int], reader_for: Callable[..., Reader]
) -> None:
    """Two drafts side by side, counted and listed; only the reader's area is listed."""
    reader = reader_for("prefecture", p.REGION)
    age, level = draft_of(FROM_75, title="七十五"), draft_of(LEVEL_2, title="二级")
    found = compared(reader, age, level)
    assert found.state == ComparisonState.DONE, found.problem
    figures = found.figures
    changes = {
        (row["draft"], row["benefit"], row["county"]): (row["gained"], row["lost"], row["fen"])
        for row in figures["changes"]
    }
    assert changes == {
        (str(age.pk), "06", "653222"): (1, 0, 0),
        (str(level.pk), "09", "653222"): (1, 0, 20000),
    }
    totals = {(row["draft"], row["benefit"]): row for row in figures["totals"]}
    # No amount of 高龄津贴 was published: counted apart, not as nothing.
    assert totals["", "06"]["people"] == totals["", "06"]["unpriced"] == 1
    assert totals[str(level.pk), "09"]["fen"] == 20000
    lacking = [row for row in figures["missing"] if row["benefit"] == "09"]
    assert {(row["draft"], tuple(row["lacks"]), row["people"]) for row in lacking} == {
        ("", ("ability_level",), 1),
        (str(age.pk), ("ability_level",), 1),
        (str(level.pk), ("ability_level",), 1),
    }

    def listed(who: Reader, draft: Draft, kind: str) -> list[int]:
        page = touched_people(who, found, draft=str(draft.pk), kind=kind)
        assert page.total == len(page.rows)
        return [row.person_id for row in page.rows]

    assert listed(reader, age, "gained") == [people["almost"]]
    assert listed(reader, age, "year") == [people["nearly"]]
    assert listed(reader, level, "document") == [people["unknown"]]
    county = reader_for("county", COUNTY)
    assert listed(county, age, "gained") == [people["almost"]]
    assert listed(county, age, "year") == []
    again = ask_to_compare([age.pk, level.pk], acting=reader)
    assert again.pk == found.pk


def test_from_draft_to_version_and_old_months_stay(
    draft_of: Change, people: dict[str, int], reader_for: Callable[..., Reader]
) -> None:
    """Submitted with its figures, approved, published; days before are computed as before."""
    reader = reader_for("prefecture", p.REGION)
    draft = draft_of(FROM_75)
    with pytest.raises(DraftRefused, match="算例"):
        submit(draft_id=draft.pk, comparison_id=compared(reader, draft).pk, acting=reader)
    draft = confirmed(draft, reader)
    stale = compared(reader, draft)
    record_change(draft_id=draft.pk, key="!words", after="为什么", base_revision=99, acting=reader)
    with pytest.raises(DraftRefused, match="又改过"):
        submit(draft_id=draft.pk, comparison_id=stale.pk, acting=reader)
    draft = get_draft(reader, draft.pk)
    submitted = submit(draft_id=draft.pk, comparison_id=compared(reader, draft).pk, acting=reader)
    assert submitted.state == DraftState.SUBMITTED and submitted.figures_hash
    with pytest.raises(DraftRefused):
        record_change(draft_id=draft.pk, key="off:14", after=True, base_revision=99, acting=reader)
    with pytest.raises(DraftRefused):
        publish(draft_id=draft.pk, acting=reader, today=TODAY)
    with pytest.raises(PermissionError):
        approve_draft(
            draft_id=draft.pk,
            figures_hash=submitted.figures_hash,
            acting=reader_for("county", COUNTY),
        )
    approve_draft(draft_id=draft.pk, figures_hash=submitted.figures_hash, acting=reader)
    before = pack_in_force(TODAY, region=p.REGION)
    version = publish(draft_id=draft.pk, acting=reader, today=TODAY)
    assert version.in_force_from == NEXT_YEAR
    assert pack_in_force(date(2026, 12, 31), region=p.REGION) == before
    assert pack_in_force(NEXT_YEAR, region=p.REGION) == version
    assert open_pack(date(2026, 12, 31), p.REGION).pack.values_on(TODAY)["advanced_age"] == 80
    assert open_pack(NEXT_YEAR, p.REGION).pack.values_on(NEXT_YEAR)["advanced_age"] == 75

    def with_allowance(as_of: date) -> int:
        run = find_entitled(region=p.REGION, as_of=as_of, acting=system_reader(p.REGION))
        from yanglao.domain.entitlements.public import get_run

        return next(
            row.yes
            for row in get_run(system_reader(p.REGION), run.run_id).items.select_related("item")
            if row.item.code == "06"
        )

    assert with_allowance(date(2026, 12, 1)) == 1
    assert with_allowance(NEXT_YEAR) == 2
    # A trial of a past day still uses the version of that day.
    assert with_allowance(date(2026, 12, 15)) == 1
    assert revision_due(p.REGION, date(2028, 1, 15)) == (version, 379)
    assert revision_due(p.REGION, date(2027, 12, 31)) is None


def test_a_draft_begun_before_another_version_must_move(
    draft_of: Change, reader_for: Callable[..., Reader]
) -> None:
    """Nobody publishes over what he has not seen; the changes are laid over the new version."""
    reader = reader_for("prefecture", p.REGION)
    first, second = draft_of(FROM_75), draft_of({"item:14": {"lead_days": "10"}})
    first = confirmed(first, reader)
    sent = submit(draft_id=first.pk, comparison_id=compared(reader, first).pk, acting=reader)
    approve_draft(draft_id=first.pk, figures_hash=sent.figures_hash, acting=reader)
    version = publish(draft_id=first.pk, acting=reader, today=TODAY)
    assert newer_base(second) == version
    with pytest.raises(DraftRefused, match="新版本"):
        submit(draft_id=second.pk, comparison_id=compared(reader, second).pk, acting=reader)
    move_to_newest(draft_id=second.pk, acting=reader)
    moved = read_draft(get_draft(reader, second.pk))
    assert moved.pack is not None and moved.pack.items["14"].lead_days == 10
    assert moved.pack.values_on(NEXT_YEAR)["advanced_age"] == 75
    # The new answers that were confirmed then need not be confirmed again.
    assert moved.ready


def test_a_county_may_add_and_raise_but_not_lower(
    draft_of: Change, reader_for: Callable[..., Reader]
) -> None:
    """Amounts of its own places go into the common table; else it has a list of its own."""
    low = read_draft(draft_of({"value:advanced_age": {"from": "2027-01-01", "value": 85}}, COUNTY))
    assert low.code == "c653222" and any("比上级清单窄" in one.what for one in low.problems)
    off = read_draft(draft_of({"off:14": True}, COUNTY))
    assert any("取消" in one.what for one in off.problems)
    more = read_draft(draft_of(FROM_75, COUNTY))
    assert not more.problems and more.pack is not None and more.pack.adds_to == "hetian"
    own = {"from": "2027-01-01", "value": 6000, "document": "墨民发〔2026〕1号", "article": "一"}
    money = read_draft(draft_of({"amount:senior_allowance:653222:80-89": own}, COUNTY))
    assert money.code == "hetian" and money.ready
    assert money.pack is not None
    table = money.pack.parameters["senior_allowance"]
    assert table.amount_at("653222", "80-89", NEXT_YEAR) == 6000
    assert table.amount_at("653222", "80-89", TODAY) is None
    other = read_draft(draft_of({"amount:senior_allowance:653201:80-89": own}, COUNTY))
    assert other.code == "c653222"


def test_a_rule_with_a_mistake_points_at_the_place(draft_of: Change) -> None:
    """A draft with mistakes is no catalogue: it says where and what to do, and is not counted."""
    reading = read_draft(draft_of({"item:14": {"who": "age >= 60 AND livving = 'alone'"}}))
    assert reading.pack is None and not reading.ready
    assert any(
        "living" in one.what and one.file == "hetian/catalogue.yaml" for one in reading.problems
    )


def test_a_returned_draft_can_be_drafted_again(
    draft_of: Change, reader_for: Callable[..., Reader]
) -> None:
    """With the reason; its frozen figures go."""
    reader = reader_for("prefecture", p.REGION)
    draft = draft_of({"item:14": {"lead_days": "10"}})
    submit(draft_id=draft.pk, comparison_id=compared(reader, draft).pk, acting=reader)
    with pytest.raises(DraftRefused, match="原因"):
        return_draft(draft_id=draft.pk, reason=" ", acting=reader)
    back = return_draft(draft_id=draft.pk, reason="请补依据", acting=reader)
    assert (back.state, back.figures, back.decision) == (DraftState.DRAFTING, None, "请补依据")


def test_the_month_of_coming_into_force_must_lie_ahead(
    draft_of: Change, reader_for: Callable[..., Reader]
) -> None:
    """A month that has begun is not changed any more, however the draft was approved."""
    reader = reader_for("prefecture", p.REGION)
    draft = draft_of({"item:14": {"lead_days": "10"}})
    sent = submit(draft_id=draft.pk, comparison_id=compared(reader, draft).pk, acting=reader)
    approve_draft(draft_id=draft.pk, figures_hash=sent.figures_hash, acting=reader)
    with pytest.raises(DraftRefused, match="过去的月份"):
        publish(draft_id=draft.pk, acting=reader, today=NEXT_YEAR)
    assert source_of(draft.base_id)


def test_a_county_s_draft_is_counted_over_the_county(
    draft_of: Change, people: dict[str, int], reader_for: Callable[..., Reader]
) -> None:
    """Also when the prefecture asks; and it is not set beside the prefecture's."""
    reader = reader_for("prefecture", p.REGION)
    own, all_ = draft_of(FROM_75, COUNTY), draft_of(FROM_75)
    found = compared(reader, own)
    assert found.area == COUNTY and found.figures["people"] == 4
    assert {row["county"] for row in found.figures["changes"]} == {"653222"}
    with pytest.raises(DraftRefused, match="同一个地方"):
        ask_to_compare([own.pk, all_.pk], acting=reader)
