"""Rows to people: by valid ID number exactly, else by all that speaks for one person.

A row that is surely somebody's is linked; a doubtful one waits for a clerk; one that is nobody's
goes back. A wrong number never opens a file. Who a row is about is looked for everywhere; whether
the acting officer may bring it in is decided by his area.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from yanglao.domain.linkage.public import Remembered, Why, remembered, row_key
from yanglao.domain.people.public import (
    ELSEWHERE,
    KINDS_WITH_ABSENCE,
    Kind,
    KnownPerson,
    NewPerson,
    find_by_folds,
    find_by_names,
    known_by_ids,
)
from yanglao.engines.linkage import Judgement, Pair, Thresholds, Verdict
from yanglao.flows.take_in_list.evidence import (
    born,
    codes_in,
    compatible,
    differs,
    may_be,
    name_key,
    own_reasons,
    sounds_alike,
    what_is_wrong,
)
from yanglao.flows.take_in_list.reading import ListRows
from yanglao.flows.take_in_list.weighing import Claim, likeliest, weigh_claims
from yanglao.foundation.scoping import Reader, area_range
from yanglao.kernel.idnumber import IdIssue
from yanglao.kernel.names import fold_name

#: A returned row that fits more people than this speaks for none of them.
_MOST_MENTIONED = 5
#: Somebody else of the name on the row must be so likely for the number to be doubted.
_LIKELY = 0.5
_NOT_IN_AREA = "此人不在您的辖区内，未接收；请由其所在地报送"


@dataclass(slots=True)
class Verdicts:
    """What became of the rows of a list, position by position.

    Attributes:
        people: Whose row it is; ``None`` for a row that goes back.
        reasons: Why a row goes back.
        remarks: What to look at in a row that goes in.
        mentioned: People who stand on the list though their row went back, or waits.
        opened: Files opened for people of this list.
        waiting: Rows that wait for a clerk, by position.
        found: By what a row was linked or looked for, where it was not a valid number.
    """

    people: list[int | None]
    reasons: dict[int, list[str]] = field(default_factory=dict)
    remarks: dict[int, list[str]] = field(default_factory=dict)
    mentioned: set[int] = field(default_factory=set)
    opened: int = 0
    waiting: dict[int, "Waiting"] = field(default_factory=dict)
    found: dict[int, "Found"] = field(default_factory=dict)
    openers: dict[int, int] = field(default_factory=dict)

    def back(self, position: int, reason: str) -> None:
        """Send a row back."""
        self.people[position] = None
        self.reasons.setdefault(position, []).append(reason)

    def remark(self, position: int, text: str) -> None:
        """Let a row in with a warning."""
        self.remarks.setdefault(position, []).append(text)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row that waits: why, among whom, and how the sender's next list will show it again."""

    why: Why
    key: bytes
    claim: Claim
    candidates: tuple[tuple[KnownPerson, Pair | None], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Who was found for a row without a valid number, and how likely the first is."""

    probability: float
    numbers: tuple[str, ...]


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
        self,
        *,
        acting: Reader,
        known: dict[str, KnownPerson],
        codes: frozenset[str],
        sender: str = "",
        thresholds: Thresholds | None = None,
    ) -> None:
        """Start with the people known by number and the codes of all places."""
        self.known = known
        self.codes = codes
        self.sender = sender
        self.thresholds = thresholds or Thresholds()
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
                verdicts.openers[position] = 1
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
        strange: list[int] = []
        for position, number in enumerate(rows.numbers):
            if position in verdicts.reasons:
                continue
            problems = rows.problems.get(position)
            if number is not None and problems is None:
                if self._link_by_number(rows, position, number, verdicts):
                    strange.append(position)
            elif number is not None:
                person = self.known.get(number)
                verdicts.mentioned |= {person.id} if person else set()
                for problem in problems or ():
                    verdicts.back(position, problem.message)
            else:
                loose.append(position)
        if loose:
            self._link_loose(rows, loose, place, verdicts)
        if strange:
            self._doubt_strange(rows, strange, place, verdicts)

    def _link_by_number(
        self, rows: ListRows, position: int, number: str, verdicts: Verdicts
    ) -> bool:
        """Link a row by its number; say whether the number may be somebody else's."""
        person = self.known.get(number)
        if person is None:
            verdicts.back(position, "没有姓名，无法为此号码建立档案；请补填姓名")
            return False
        if not (self.covers(person.codes) or self.covers(codes_in(rows, position))):
            verdicts.back(position, _NOT_IN_AREA)
            return False
        verdicts.people[position] = person.id
        name = rows.names[position]
        if rows.kind is Kind.HOUSEHOLD:
            self.registered.add(person.id)
        elif name and name != person.name and differs(fold_name(name), person.name_fold):
            whose = "户籍" if person.in_register else "已有档案"
            verdicts.remark(position, f"姓名与{whose}不一致（{whose}为 {person.name}），请核对号码")
            return not sounds_alike(name, person.name)
        return False

    # --- rows without a valid number ----------------------------------------------------------

    def _link_loose(
        self, rows: ListRows, loose: list[int], place: ListPlace, verdicts: Verdicts
    ) -> None:
        """Link rows without a valid number by all else they say; doubtful ones wait."""
        unfound: list[int] = []
        claims: dict[int, Claim] = {}
        broken: dict[int, tuple[str, date]] = {}
        for position in loose:
            reasons = own_reasons(rows, position)
            for reason in reasons:
                verdicts.back(position, reason)
            if reasons:
                key = name_key(rows, position)
                if key:
                    broken[position] = key
                else:
                    unfound.append(position)
            else:
                claims[position] = self._claim(rows, position, place)
        self._mention_broken(rows, broken, place, verdicts, unfound)
        keys = self._keys(rows, claims)
        before = remembered(keys.values())
        self._know(one.person_id for one in before.values())
        asked = []
        for position, claim in claims.items():
            decided = before.get(keys[position]) if position in keys else None
            if decided is None or not self._as_before(rows, claim, decided, verdicts):
                asked.append(claim)
        weighed = weigh_claims([claim for claim in asked if claim.name], self.thresholds)
        for claim in asked:
            judgement = weighed.judgements.get(claim.position)
            people = likeliest(judgement, weighed.people) if judgement else []
            if judgement is None or not people:
                verdicts.back(claim.position, self._nobody(rows, claim))
                unfound.append(claim.position)
                continue
            verdicts.found[claim.position] = Found(
                judgement.candidates[0].probability, tuple(person.id_number for person in people)
            )
            self._choose(rows, claim, judgement, people, keys.get(claim.position), verdicts)
        self._mention_by_name(rows, unfound, place, verdicts)

    def _choose(
        self,
        rows: ListRows,
        claim: Claim,
        judgement: Judgement,
        people: list[KnownPerson],
        key: bytes | None,
        verdicts: Verdicts,
    ) -> None:
        """Link the row to the sure one, let it wait for a clerk, or send it back."""
        position, what = claim.position, what_is_wrong(rows.readings.get(claim.position))
        if rows.kind is Kind.HOUSEHOLD:
            # Who stands in this register with his right number does not stand there twice.
            left = [one for one in people if one.id not in self.registered]
            if not left:
                _mention(people, verdicts)
                verdicts.back(
                    position,
                    f"{what}，同名同生日的人已以正确号码在这批户籍名单上；请核对号码后重报",
                )
                return
            people = left
        mine = [one for one in people if self.covers(one.codes)]
        person = people[0]
        if judgement.verdict is Verdict.SURE and mine:
            verdicts.people[position] = person.id
            self.by_id[person.id] = person
            tail = person.id_number[-4:]
            verdicts.remark(
                position, f"{what}，已按姓名、出生日期和地区等对应到号码尾号 {tail} 的人，请核对"
            )
            return
        _mention(people, verdicts)
        if not mine:
            verdicts.back(position, _NOT_IN_AREA)
            return
        pairs = {pair.person: pair for pair in judgement.candidates}
        self._wait(
            claim,
            Why.DOUBTFUL,
            key or b"",
            tuple((one, pairs[one.id]) for one in mine),
            f"{what}，可能是 {len(mine)} 位老人中的一位，待人工确认",
            verdicts,
        )

    def _wait(
        self,
        claim: Claim,
        why: Why,
        key: bytes,
        candidates: tuple[tuple[KnownPerson, Pair | None], ...],
        words: str,
        verdicts: Verdicts,
    ) -> None:
        verdicts.people[claim.position] = None
        verdicts.remarks[claim.position] = [words]
        verdicts.waiting[claim.position] = Waiting(why, key, claim, candidates)

    def _as_before(
        self, rows: ListRows, claim: Claim, decided: Remembered, verdicts: Verdicts
    ) -> bool:
        """Do with a row what a clerk decided about it before; say whether that could be done."""
        when = f"{decided.on:%Y-%m-%d}"
        if decided.person_id is None:
            verdicts.back(
                claim.position, f"{decided.reason}（{decided.by} {when} 已退回过，请更正后再报）"
            )
            return True
        person = self.by_id.get(decided.person_id)
        if person is None or not self.covers(person.codes):
            return False
        verdicts.people[claim.position] = person.id
        verdicts.found[claim.position] = Found(1.0, (person.id_number,))
        verdicts.remark(
            claim.position,
            f"按 {decided.by} {when} 的确认，对应到号码尾号 {person.id_number[-4:]} 的人",
        )
        return True

    def _know(self, ids: Iterable[int | None]) -> None:
        """Look up people who were decided about before, all at once."""
        self.by_id |= known_by_ids(pk for pk in ids if pk is not None and pk not in self.by_id)

    def _claim(self, rows: ListRows, position: int, place: ListPlace) -> Claim:
        reading = rows.readings.get(position)
        key = name_key(rows, position)
        named = [code for code in codes_in(rows, position) if code in self.codes]
        return Claim(
            position,
            rows.names[position],
            key[1] if key else None,
            rows.value("sex", position) or "",
            named[-1] if named else place.code,
            # With an impossible birth date the other digits say little either.
            reading.cleaned if reading and reading.issue is not IdIssue.BIRTH_DATE else "",
            rows.value("phone", position) or "",
            rows.value("household_id", position) or "",
        )

    def _keys(self, rows: ListRows, claims: Mapping[int, Claim]) -> dict[int, bytes]:
        """Return what tells a row again in the sender's next list; not of rows that are alike."""
        texts: dict[tuple[str, ...], list[int]] = {}
        for position, claim in claims.items():
            born = claim.born.isoformat() if claim.born else ""
            said = (claim.digits, born, claim.sex, claim.place, claim.phone, claim.household)
            sender = self.sender or rows.kind.value
            texts.setdefault((sender, fold_name(claim.name), *said), []).append(position)
        return {at[0]: row_key(*text) for text, at in texts.items() if len(at) == 1}

    def _nobody(self, rows: ListRows, claim: Claim) -> str:
        what = what_is_wrong(rows.readings.get(claim.position))
        if not claim.name or claim.born is None:
            lacks = "姓名" if not claim.name else "出生日期"
            return f"{what}，又缺少{lacks}，无法确定是谁；请补填公民身份号码"
        return f"{what}，按姓名、出生日期和地区没有找到这个人；请核对号码后重报"

    # --- numbers that may be somebody else's --------------------------------------------------

    def _doubt_strange(
        self, rows: ListRows, strange: list[int], place: ListPlace, verdicts: Verdicts
    ) -> None:
        """Let rows wait whose number is one person's and whose name is clearly another's.

        Only when there is somebody of that name near enough to be meant: else the name is wrong
        and the number counts, as with every valid number.
        """
        claims = [self._strange_claim(rows, position, place) for position in strange]
        keys = self._keys(rows, {claim.position: claim for claim in claims})
        before = remembered(keys.values())
        self._know(one.person_id for one in before.values())
        unasked = [replace(claim, digits="") for claim in claims]
        weighed = weigh_claims(unasked, self.thresholds)
        for claim in claims:
            owner = self.by_id[verdicts.people[claim.position] or 0]
            decided = before.get(keys.get(claim.position, b""))
            if decided is not None and self._as_before(rows, claim, decided, verdicts):
                continue
            judgement = weighed.judgements.get(claim.position)
            others = [
                (weighed.people[pair.person], pair)
                for pair in (judgement.candidates if judgement else ())
                if pair.probability >= _LIKELY
                and pair.person != owner.id
                and self.covers(weighed.people[pair.person].codes)
            ]
            if not others:
                continue
            whose = [person for person, _ in others] + [owner]
            _mention(whose, verdicts)
            verdicts.found[claim.position] = Found(
                others[0][1].probability, tuple(person.id_number for person in whose)
            )
            self._wait(
                claim,
                Why.OTHER_NAME,
                keys.get(claim.position, b""),
                (*others, (owner, None)),
                f"号码是 {owner.name} 的，姓名却像另一位老人，待人工确认",
                verdicts,
            )

    def _strange_claim(self, rows: ListRows, position: int, place: ListPlace) -> Claim:
        claim = self._claim(rows, position, place)
        born = rows.value("birth_date", position)
        number = rows.numbers[position] or ""
        return replace(claim, digits=number, born=born if isinstance(born, date) else None)

    # --- people who must not be counted absent ------------------------------------------------

    def _mention_broken(
        self,
        rows: ListRows,
        broken: Mapping[int, tuple[str, date]],
        place: ListPlace,
        verdicts: Verdicts,
        unfound: list[int],
    ) -> None:
        """Note whom rows mean that went back for something else than the number."""
        found = find_by_names(broken.values())
        for position, key in broken.items():
            candidates = self._candidates(rows, position, place, found.get(key, []))
            if candidates:
                _mention(candidates, verdicts)
            else:
                unfound.append(position)

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


def _mention(people: list[KnownPerson], verdicts: Verdicts) -> None:
    """Note the few people of whom one is meant by a row that went back."""
    if len(people) <= _MOST_MENTIONED:
        verdicts.mentioned |= {person.id for person in people}
