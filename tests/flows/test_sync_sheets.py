"""What phones bring: taken once, in any order of arrival; refused with a reason; never half."""

from base64 import b64encode
from collections.abc import Iterator
from copy import deepcopy
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.desks.assessor_phone.visits import Visits, make_visits
from tests.web.desks.factories import TODAY, make_places
from yanglao.domain.assessments.models import Photo, Sheet, SheetEdit, Signature
from yanglao.domain.assessments.public import get_sheet
from yanglao.domain.places.queries import forget_codes
from yanglao.flows.sync_sheets import CannotRead, open_contact, take_act, take_edits, work_for
from yanglao.foundation.models import AuditEntry

PNG = b64encode(b"\x89PNG\r\n\x1a\n" + bytes(40)).decode()
JPEG = b64encode(b"\xff\xd8\xff" + bytes(40)).decode()


@pytest.fixture
def visits(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visits]:
    monkeypatch.setenv("YANGLAO_TODAY", TODAY.isoformat())
    make_places()
    yield make_visits(1)
    forget_codes()


def edit(sheet: str, field: str, value: Any, *, base: int = 0, device: str = "a") -> dict[str, Any]:
    return {
        "edit_id": str(uuid4()),
        "sheet_id": sheet,
        "field": field,
        "value": value,
        "at": "2026-11-05T10:00:00.000+08:00",
        "base": base,
        "device": device,
    }


def send(visits: Visits, *edits: dict[str, Any], which: str = "nurse") -> dict[str, Any]:
    given = {"device": "a", "edits": list(edits)}
    return take_edits(given, acting=visits.reader(which), as_of=TODAY)


def values(visits: Visits) -> dict[str, Any]:
    view = get_sheet(visits.reader(), visits.sheets[0])
    return {name: one.value for name, one in view.fields.items()}


def act(sheet: str, kind: str, **body: Any) -> dict[str, Any]:
    return {
        "act_id": str(uuid4()),
        "sheet_id": sheet,
        "kind": kind,
        "at": "2026-11-05T11:00:00+08:00",
        **body,
    }


def signature(sheet: str, seen: dict[str, Any], **body: Any) -> dict[str, Any]:
    place = {"refused": "没有定位信号"}
    whole = {"signer": "assessor", "name": "", "way": "typed", "picture": PNG, "place": place}
    return act(sheet, "signature", **{**whole, "seen": seen, **body})


def test_sending_twice_changes_nothing(visits: Visits) -> None:
    """The answer got lost on the way: the phone sends the same ids again."""
    [sheet] = visits.sheets
    edits = [edit(sheet, "b1_1", 4), edit(sheet, "a2_living", ["alone"])]
    first = send(visits, *edits)
    assert set(first["accepted"]) == {one["edit_id"] for one in edits}
    before = list(SheetEdit.objects.order_by("id").values_list("edit_id", flat=True))
    again = send(visits, *edits)
    assert again["accepted"] == first["accepted"]
    assert again["sheets"] == first["sheets"]
    assert list(SheetEdit.objects.order_by("id").values_list("edit_id", flat=True)) == before
    assert values(visits) == {"b1_1": 4, "a2_living": ["alone"]}


def test_a_second_change_whose_first_answer_got_lost_is_no_conflict(visits: Visits) -> None:
    """The device still names the base it had seen; nobody else wrote in between."""
    [sheet] = visits.sheets
    send(visits, edit(sheet, "b1_1", 4))
    found = send(visits, edit(sheet, "b1_1", 2))
    assert found["conflicts"] == []
    assert found["sheets"][sheet]["fields"]["b1_1"]["value"] == 2


def test_two_devices_are_a_conflict_and_both_are_kept(visits: Visits) -> None:
    [sheet] = visits.sheets
    send(visits, edit(sheet, "b1_1", 4, device="a"))
    found = send(visits, edit(sheet, "b1_1", 2, device="b"), which="worker")
    assert found["accepted"], "the second is kept, not refused"
    assert found["conflicts"] == [{"sheet_id": sheet, "field": "b1_1"}]
    [conflict] = found["sheets"][sheet]["conflicts"]
    assert {one["value"] for one in conflict["choices"]} == {4, 2}
    [told] = work_for(visits.reader(), TODAY)["sheets"]
    assert told["conflicts"] == [conflict], "the first phone sees it too"
    keep = next(one["edit_id"] for one in conflict["choices"] if one["value"] == 2)
    settling = act(sheet, "settle", field="b1_1", keep=keep)
    for _time in range(2):
        assert take_act(settling, acting=visits.reader())["done"]
    assert values(visits)["b1_1"] == 2
    assert {one.value for one in SheetEdit.objects.all()} >= {4, 2}


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.sampled_from(["b1_1", "b1_2"]), st.integers(0, 4)),
        min_size=1,
        max_size=12,
    ),
    st.randoms(use_true_random=False),
)
def test_nothing_is_lost_whatever_arrives_when(
    visits: Visits, made: list[tuple[str, str, int]], rng: Any
) -> None:
    """Two phones offline, batches cut anywhere, some sent twice: every edit is in the history."""
    visits = make_fresh(visits)
    [sheet] = visits.sheets
    waiting = {
        device: [
            edit(sheet, field, value, device=device) for own, field, value in made if own == device
        ]
        for device in "ab"
    }
    sent = [one["edit_id"] for edits in waiting.values() for one in edits]
    last = {
        (device, one["field"]): one["value"] for device, edits in waiting.items() for one in edits
    }
    while any(waiting.values()):
        device = rng.choice([one for one in "ab" if waiting[one]])
        size = rng.randint(1, len(waiting[device]))
        batch, which = waiting[device][:size], "nurse" if device == "a" else "worker"
        found = send(visits, *batch, which=which)
        assert set(found["accepted"]) == {one["edit_id"] for one in batch}
        if rng.random() < 0.6:  # else the answer got lost, and all of it comes again
            waiting[device] = waiting[device][size:]
    stored = set(SheetEdit.objects.filter(sheet_id=sheet).values_list("edit_id", flat=True))
    assert stored == set(sent)
    view = get_sheet(visits.reader(), sheet)
    in_conflict = {one.field for one in view.conflicts}
    for field in {field for _device, field in last}:
        said = [last[device, field] for device in "ab" if (device, field) in last]
        assert (field in in_conflict) == (len(set(said)) > 1), (field, said)
        assert view.fields[field].value in said


def make_fresh(visits: Visits) -> Visits:
    """The sheet as nobody has touched it."""
    Sheet.objects.get(pk=visits.sheets[0]).fields.all().delete()
    SheetEdit.objects.all().delete()
    return visits


def test_bad_edits_are_refused_one_by_one(visits: Visits) -> None:
    [sheet] = visits.sheets
    good = edit(sheet, "b1_1", 4)
    bad = [
        edit(sheet, "b1_1", 9),
        edit(sheet, "b1_1", "4"),
        edit(sheet, "b9_9", 1),
        edit(sheet, "a5_coma", ["has"]),
        edit(sheet, "a2_living", ["alone", "spouse"]),
        edit(sheet, "a2_height", 900),
        edit(sheet, "a4_medicines", [{"name": "x"}]),
        edit(str(uuid4()), "b1_1", 4),
        {**edit(sheet, "b1_2", 1), "at": "yesterday"},
        {**edit(sheet, "b1_2", 1), "at": "2026-11-05T10:00:00"},
        {**edit(sheet, "b1_2", 1), "base": -1},
        {**edit(sheet, "b1_2", 1), "base": 7},
        {**edit(sheet, "b1_2", 1), "device": ""},
    ]
    found = send(visits, *bad, good)
    assert found["accepted"] == [good["edit_id"]]
    refused = {one["edit_id"]: one["why"] for one in found["refused"]}
    assert set(refused) == {one["edit_id"] for one in bad}
    assert all(refused.values())
    assert values(visits) == {"b1_1": 4}


@pytest.mark.parametrize(
    "given",
    [None, [], {}, {"edits": {}}, {"edits": [3]}, {"edits": [{}]}, {"edits": [{"edit_id": 5}]}],
)
def test_what_is_no_batch_is_refused_as_a_whole(visits: Visits, given: Any) -> None:
    with pytest.raises(CannotRead):
        take_edits(given, acting=visits.reader(), as_of=TODAY)


def test_only_who_was_sent_may_write(visits: Visits, reader_for: Any) -> None:
    [sheet] = visits.sheets
    for role in ("assessor", "county"):
        one = edit(sheet, "b1_1", 4)
        reader = reader_for(role, "653222000000")
        found = take_edits({"device": "x", "edits": [one]}, acting=reader, as_of=TODAY)
        assert found["accepted"] == []
        assert found["sheets"] == {}
        assert not take_act(signature(sheet, {}), acting=reader)["done"]
    assert SheetEdit.objects.count() == 0


def test_a_signature_under_answers_not_seen_is_refused(visits: Visits) -> None:
    """He signed offline; meanwhile the other phone brought another answer."""
    [sheet] = visits.sheets
    send(visits, edit(sheet, "b1_1", 4), edit(sheet, "a2_living", ["spouse", "children"]))
    send(visits, edit(sheet, "b1_2", 1, device="b"), which="worker")
    told = take_act(signature(sheet, {"b1_1": 4, "b1_2": None}), acting=visits.reader())
    assert not told["done"]
    assert "2 题" in told["why"]
    assert Signature.objects.count() == 0
    seen = {"b1_1": 4, "b1_2": 1, "b1_3": None, "a2_living": ["children", "spouse"]}
    one = signature(sheet, seen)
    for _time in range(2):
        assert take_act(one, acting=visits.reader())["done"]
    [kept] = Signature.objects.all()
    assert kept.place["words"] == "没有取位置：没有定位信号"
    [shown] = get_sheet(visits.reader(), sheet).signatures
    assert shown.valid
    send(visits, edit(sheet, "b1_1", 3, base=1))
    [shown] = get_sheet(visits.reader(), sheet).signatures
    assert not shown.valid, "an answer changed under it"


def test_an_informant_signs_by_name(visits: Visits) -> None:
    [sheet] = visits.sheets
    seen: dict[str, Any] = {}
    one = signature(sheet, seen, signer="informant", name="买买提·吐尔逊")
    assert take_act(one, acting=visits.reader())["done"]
    [shown] = get_sheet(visits.reader(), sheet).signatures
    assert (shown.signer, shown.name) == ("informant", "买买提·吐尔逊")
    with pytest.raises(CannotRead):
        take_act(signature(sheet, seen, signer="informant"), acting=visits.reader())
    with pytest.raises(CannotRead):
        take_act(signature(sheet, seen, signer="chief"), acting=visits.reader())


def test_photos_come_once_with_their_place(visits: Visits) -> None:
    [sheet] = visits.sheets
    place = {"lat": 37.27, "lng": 79.73, "accuracy": 12.5}
    one = act(sheet, "photo", picture=JPEG, place=place)
    for _time in range(2):
        assert take_act(one, acting=visits.reader())["done"]
    [photo] = Photo.objects.all()
    assert (photo.place["latitude"], photo.place["accuracy_m"]) == (37.27, 12.5)
    wrong = act(sheet, "photo", picture=b64encode(b"GIF89a").decode(), place=None)
    told = take_act(wrong, acting=visits.reader())
    assert not told["done"]
    assert "JPEG" in told["why"]


@pytest.mark.parametrize(
    "broken",
    [
        {"picture": "no base64!"},
        {"place": {"lat": 91, "lng": 0, "accuracy": 1}},
        {"place": {"lat": float("nan"), "lng": 0, "accuracy": 1}},
        {"place": {"lat": 1}},
        {"place": "here"},
        {"at": "soon"},
        {"kind": "burn"},
        {"kind": None},
        {"sheet_id": 5},
    ],
)
def test_a_broken_act_is_refused_and_nothing_happens(
    visits: Visits, broken: dict[str, Any]
) -> None:
    one = {**act(visits.sheets[0], "photo", picture=JPEG, place=None), **deepcopy(broken)}
    with pytest.raises(CannotRead):
        take_act(one, acting=visits.reader())
    assert Photo.objects.count() == 0


def test_handing_in_says_everything_that_is_missing(visits: Visits) -> None:
    [sheet] = visits.sheets
    told = take_act(act(sheet, "finish"), acting=visits.reader())
    assert not told["done"]
    assert "没有答" in told["why"]
    assert visits.nurse.display_name in told["why"]


def test_telephone_and_address_are_opened_for_a_purpose_and_on_record(
    visits: Visits, reader_for: Any
) -> None:
    [sheet] = visits.sheets
    with pytest.raises(CannotRead, match="用来做什么"):
        open_contact(visits.reader(), sheet, purpose=" ")
    found = open_contact(visits.reader(), sheet, purpose="上门评估")
    assert found.phones == ("13990310000",)
    entry = AuditEntry.objects.get(action="assessor_contact_opened")
    assert "上门评估" in str(entry.reason) + str(entry.detail)
    with pytest.raises(Sheet.DoesNotExist):
        open_contact(reader_for("assessor", "653222000000"), sheet, purpose="上门评估")
