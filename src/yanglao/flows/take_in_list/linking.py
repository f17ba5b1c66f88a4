"""Rows to people: by valid ID number exactly, else by name, birth date and place, else back.

A wrong number never opens a file. Who a row is about is looked for everywhere; whether the acting
officer may bring it in is decided by his area.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from yanglao.domain.people.public import (
    ELSEWHERE,
    KINDS_WITH_ABSENCE,
    Kind,
    KnownPerson,
    NewPerson,
    find_by_folds,
    find_by_names,
)
from yanglao.flows.take_in_list.evidence import (
    born,
    codes_in,
    compatible,
    differs,
    may_be,
    name_key,
    own_reasons,
    what_is_wrong,
)
from yanglao.flows.take_in_list.reading import ListRows
from yanglao.foundation.scoping import Reader, area_range
from yanglao.kernel.names import fold_name

#: A returned row that fits more people than this speaks for none of them.
_MOST_MENTIONED = 5
_NOT_IN_AREA = "此人不在您的辖区内，未接收；请由其所在地报送"


@dataclass(slots=True)
class Verdicts:
    """What became of the rows of a list, position by position.

    Attributes:
        people: Whose row it is; ``None`` for a row that goes back.
        reasons: Why a row goes back.
        remarks: What to look at in a row that goes in.
        mentioned: People who stand on the list though their row went back.
        opened: Files opened for people of this list.
    """

    people: list[int | None]
    reasons: dict[int, list[str]] = field(default_factory=dict)
    remarks: dict[int, list[str]] = field(default_factory=dict)
    mentioned: set[int] = field(default_factory=set)
    opened: int = 0

    def back(self, position: int, reason: str) -> None:
        """Send a row back."""
        self.people[position] = None
        self.reasons.setdefault(position, []).append(reason)

    def remark(self, position: int, text: str) -> None:
        """Let a row in with a warning."""
        self.remarks.setdefault(position, []).append(text)


@dataclass(frozen=True, slots=True)
class ListPlace:
    """Where a list is of: the batch's division, or a place in it that the title names."""

    division: str
    titled: str

    @property
    def code(self) -> str:
        """The narrower of both."""
        return self.titled or self.division


class Linker:
    """Links the rows of one batch; keeps who is known, so that each number is looked up once."""

    def __init__(
        self, *, acting: Reader, known: dict[str, KnownPerson], codes: frozenset[str]
    ) -> None:
        """Start with the people known by number and the codes of all places."""
        self.known = known
        self.codes = codes
        self.low, self.high = area_range(acting.area)
        self.by_id: dict[int, KnownPerson] = {person.id: person for person in known.values()}
        self.made: set[int] = set()
        #: People whose valid row stands in a household list of the batch.
        self.registered: set[int] = set()

    def covers(self, codes: Iterable[str]) -> bool:
        """Say whether one of the codes lies in the acting officer's area."""
        return any(self.low <= code < self.high for code in codes)

    # --- people who are new -------------------------------------------------------------------

    def newcomers(
        self, rows: ListRows, place: ListPlace, list_id: int, verdicts: Verdicts
    ) -> list[NewPerson]:
        """Return those of a list who get a file: number valid, nothing wrong with the row."""
        found: dict[str, NewPerson] = {}
        known, problems, names = self.known, rows.problems, rows.names
        low, high = self.low, self.high
        for position, number in enumerate(rows.numbers):
            if number is None or number in known or number in found or position in problems:
                continue
            if not names[position]:
                continue
            person = self._newcomer(rows, position, number, place, list_id)
            if low <= person.place_code < high:
                found[number] = person
            else:
                verdicts.back(position, _NOT_IN_AREA)
        verdicts.opened = len(found)
        return list(found.values())

    def _newcomer(
        self, rows: ListRows, position: int, number: str, place: ListPlace, list_id: int
    ) -> NewPerson:
        register = rows.kind is Kind.HOUSEHOLD
        hukou = (rows.value("hukou_code", position) or "") if register else ""
        if register and rows.value("status", position) == "moved":
            hukou = ELSEWHERE
        lives = rows.value("residence_code", position) or ""
        served = place.code
        if lives in self.codes:
            served = lives
        elif hukou in self.codes:
            served = hukou
        name = rows.names[position]
        return NewPerson(
            number,
            name,
            fold_name(name),
            served,
            hukou,
            # Only a survey tells where a person lives; elsewhere the column is evidence.
            lives if rows.kind is Kind.SURVEY else "",
            register,
            list_id,
        )

    def opened(self, people: Iterable[NewPerson], ids: Mapping[str, int]) -> None:
        """Take up people whose files have just been opened."""
        for new in people:
            number = new.id_number
            person = KnownPerson(
                ids[number],
                number,
                new.name,
                new.name_fold,
                "M" if int(number[16]) % 2 else "F",
                new.place_code,
                new.hukou_code,
                new.residence_code,
                new.in_register,
            )
            self.known[number] = person
            self.by_id[person.id] = person
            self.made.add(person.id)

    def renew(self, people: Mapping[str, KnownPerson]) -> None:
        """Take up what the register has changed about people of the batch."""
        self.known |= people
        self.by_id |= {person.id: person for person in people.values()}

    def twins(self, people: Iterable[NewPerson]) -> dict[str, str]:
        """Return warnings for new people beside whom an exact twin stands, by number.

        A list other than the register that brings a valid number nobody has, with the name, birth
        date and place of somebody who has another, most likely has a slip in the number.
        """
        keys = {new.id_number: (new.name_fold, born(new.id_number)) for new in people}
        found = find_by_names(keys.values())
        warnings = {}
        for number, key in keys.items():
            own = self.known[number]
            others = [
                other
                for other in found.get(key, ())
                if other.id_number != number and compatible(own.place_code, other)
            ]
            if others:
                tails = "、".join(other.id_number[-4:] for other in others[:3])
                warnings[number] = (
                    f"已按此号码新建档案；同地另有同名同生日的人（号码尾号 {tails}），"
                    "请核对是否同一人"
                )
        return warnings

    # --- rows of known people -----------------------------------------------------------------

    def link(self, rows: ListRows, place: ListPlace, verdicts: Verdicts) -> None:
        """Decide every row of a list."""
        loose: list[int] = []
        for position, number in enumerate(rows.numbers):
            if position in verdicts.reasons:
                continue
            problems = rows.problems.get(position)
            if number is not None and problems is None:
                self._link_by_number(rows, position, number, verdicts)
            elif number is not None:
                person = self.known.get(number)
                verdicts.mentioned |= {person.id} if person else set()
                for problem in problems or ():
                    verdicts.back(position, problem.message)
            else:
                loose.append(position)
        if loose:
            self._link_loose(rows, loose, place, verdicts)

    def _link_by_number(
        self, rows: ListRows, position: int, number: str, verdicts: Verdicts
    ) -> None:
        person = self.known.get(number)
        if person is None:
            verdicts.back(position, "没有姓名，无法为此号码建立档案；请补填姓名")
            return
        if not (self.covers(person.codes) or self.covers(codes_in(rows, position))):
            verdicts.back(position, _NOT_IN_AREA)
            return
        verdicts.people[position] = person.id
        name = rows.names[position]
        if rows.kind is Kind.HOUSEHOLD:
            self.registered.add(person.id)
        elif name and name != person.name and differs(fold_name(name), person.name_fold):
            whose = "户籍" if person.in_register else "已有档案"
            verdicts.remark(position, f"姓名与{whose}不一致（{whose}为 {person.name}），请核对号码")

    def _link_loose(
        self, rows: ListRows, loose: list[int], place: ListPlace, verdicts: Verdicts
    ) -> None:
        """Link rows without a valid number by name, birth date, place and sex."""
        keys = {position: name_key(rows, position) for position in loose}
        found = find_by_names(key for key in keys.values() if key is not None)
        unfound: list[int] = []
        for position in loose:
            key = keys[position]
            candidates = self._candidates(rows, position, place, found.get(key, []) if key else [])
            reasons = own_reasons(rows, position)
            if not reasons:
                reasons = self._choose(rows, position, key, candidates, verdicts)
            for reason in reasons:
                verdicts.back(position, reason)
            if reasons and candidates:
                _mention(candidates, verdicts)
            elif reasons:
                unfound.append(position)
        self._mention_by_name(rows, unfound, place, verdicts)

    def _mention_by_name(
        self, rows: ListRows, positions: list[int], place: ListPlace, verdicts: Verdicts
    ) -> None:
        """Note who may be meant by returned rows of which little more than the name is readable.

        Never for linking: only for not concluding that one of them is absent.
        """
        if rows.kind not in KINDS_WITH_ABSENCE or not positions:
            return
        folds = {position: fold_name(rows.names[position]) for position in positions}
        found = find_by_folds(fold for fold in folds.values() if fold)
        for position, fold in folds.items():
            reading = rows.readings.get(position)
            sex = rows.value("sex", position)
            fitting = [
                person
                for person in found.get(fold, ())
                if (sex is None or person.sex == sex)
                and compatible(place.code, person)
                and may_be(reading, person.id_number)
            ]
            _mention(fitting, verdicts)

    def _candidates(
        self, rows: ListRows, position: int, place: ListPlace, found: list[KnownPerson]
    ) -> list[KnownPerson]:
        row_place = rows.value("hukou_code", position) or rows.value("residence_code", position)
        sex = rows.value("sex", position)
        where = row_place if row_place in self.codes else place.division
        fitting = [
            person
            for person in found
            if (sex is None or person.sex == sex) and compatible(where, person)
        ]
        if len(fitting) > 1 and where == place.division and place.titled:
            nearer = [person for person in fitting if compatible(place.titled, person)]
            return nearer or fitting
        return fitting

    def _choose(
        self,
        rows: ListRows,
        position: int,
        key: tuple[str, date] | None,
        candidates: list[KnownPerson],
        verdicts: Verdicts,
    ) -> list[str]:
        """Link the row to the one candidate, or return why that cannot be done."""
        what = what_is_wrong(rows.readings.get(position))
        if key is None:
            lacks = "姓名" if not rows.names[position] else "出生日期"
            return [f"{what}，又缺少{lacks}，无法确定是谁；请补填公民身份号码"]
        if not candidates:
            return [f"{what}，按姓名、出生日期和地区没有找到这个人；请核对号码后重报"]
        if len(candidates) > 1:
            return [f"{what}，按姓名、出生日期和地区有 {len(candidates)} 人相符；请核对号码后重报"]
        person = candidates[0]
        if rows.kind is Kind.HOUSEHOLD and person.id in self.registered:
            return [f"{what}，同名同生日的人已以正确号码在这批户籍名单上；请核对号码后重报"]
        if not self.covers(person.codes):
            return [_NOT_IN_AREA]
        verdicts.people[position] = person.id
        tail = person.id_number[-4:]
        verdicts.remark(
            position, f"{what}，已按姓名、出生日期和地区对应到号码尾号 {tail} 的人，请核对"
        )
        return []


def _mention(people: list[KnownPerson], verdicts: Verdicts) -> None:
    """Note the few people of whom one is meant by a row that went back."""
    if len(people) <= _MOST_MENTIONED:
        verdicts.mentioned |= {person.id for person in people}
