"""What a row says about who it is of, and how well that fits a person."""

import re
from datetime import date

from yanglao.domain.people.public import KnownPerson
from yanglao.flows.take_in_list.reading import ListRows
from yanglao.foundation.scoping import area_range
from yanglao.kernel.idnumber import IdIssue, IdReading
from yanglao.kernel.names import fold_name
from yanglao.kernel.sounds import sound_key

#: A wrong number that leaves the row to be linked by name; a lost or mangled one does not.
_LINKABLE = frozenset({IdIssue.CHECK_DIGIT, IdIssue.BIRTH_DATE, IdIssue.EMPTY})
#: One digit left out or put in: no less readable than a wrong one.
_ONE_OFF = re.compile(r"[0-9]{16,18}[0-9X]")
_ID_COLUMNS = frozenset({"公民身份号码", "残疾人证号"})
#: 6.53201194001010E+17 still has the first fifteen digits: area, birth date, one more.
_LOST_DIGITS = re.compile(r"(\d)\.(\d{14,})E\+?17")
_LOST_BEGINNING = re.compile(r"(\d)\.(\d+)E\+?17")
#: One slip in eighteen digits leaves at least so many alike, counted from both ends.
_ALIKE_DIGITS = 15
#: Below this part of shared characters two names are not two spellings of one.
_SAME_NAME_SHARE = 0.5


def codes_in(rows: ListRows, position: int) -> list[str]:
    """Return the places that a row names."""
    named = (rows.value("hukou_code", position), rows.value("residence_code", position))
    return [code for code in named if code]


def own_reasons(rows: ListRows, position: int) -> list[str]:
    """Return why a row without a valid number goes back before anybody is looked for."""
    problems = rows.problems.get(position, ())
    reading = rows.readings.get(position)
    issue = reading.issue if reading is not None else IdIssue.EMPTY
    # A wrong or missing number says nothing against the row: the rest of it may still do. A lost
    # one is returned: its sender must not go on sending lists like this.
    excused = issue in _LINKABLE or _one_off(reading)
    reasons = [p.message for p in problems if not (excused and p.column in _ID_COLUMNS)]
    if reasons or excused:
        return reasons
    return [reading.sentence] if reading is not None else []


def _one_off(reading: IdReading | None) -> bool:
    malformed = reading is not None and reading.issue is IdIssue.MALFORMED
    return malformed and _ONE_OFF.fullmatch(reading.cleaned if reading else "") is not None


def sounds_alike(one: str, other: str) -> bool:
    """Say whether two names may be two spellings of one."""
    return sound_key(one) == sound_key(other)


def what_is_wrong(reading: IdReading | None) -> str:
    if reading is None or reading.issue is IdIssue.EMPTY:
        return "没有公民身份号码"
    if reading.issue is IdIssue.BIRTH_DATE:
        return "公民身份号码中的出生日期不存在"
    if reading.issue is IdIssue.MALFORMED:
        return "公民身份号码位数不对"
    return "公民身份号码校验位不符"


def name_key(rows: ListRows, position: int) -> tuple[str, date] | None:
    """Return the folded name and the birth date of a row, ``None`` when one is not known."""
    fold = fold_name(rows.names[position])
    born = rows.value("birth_date", position)
    reading = rows.readings.get(position)
    if born is None and reading is not None:
        born = reading.birth_hint or _lost_birth(reading)
    return (fold, born) if fold and isinstance(born, date) else None


def _lost_birth(reading: IdReading) -> date | None:
    """Return the birth date in a number of which only the last digits are lost.

    Never for linking: only for not concluding that somebody is absent whose row went back.
    """
    found = _LOST_DIGITS.fullmatch(reading.cleaned)
    return _day((found[1] + found[2])[6:14]) if found else None


def may_be(reading: IdReading | None, number: str) -> bool:
    """Say whether what can be made out of a number is consistent with a person's."""
    if reading is None or not reading.cleaned:
        return True
    lost = _LOST_BEGINNING.fullmatch(reading.cleaned)
    if lost:
        # The last digit shown is rounded.
        return number.startswith((lost[1] + lost[2])[:-1])
    text = reading.cleaned
    return _alike(text, number) + _alike(text[::-1], number[::-1]) >= _ALIKE_DIGITS


def _alike(one: str, other: str) -> int:
    """Return how many characters two texts have in common at their beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (left, right) in pairs if left != right), min(len(one), len(other)))


def born(number: str) -> date:
    born = _day(number[6:14])
    if born is None:
        raise ValueError("not a valid ID number")
    return born


def _day(eight: str) -> date | None:
    try:
        return date(int(eight[:4]), int(eight[4:6]), int(eight[6:8]))
    except ValueError:
        return None


def compatible(code: str, person: KnownPerson) -> bool:
    """Say whether a place lies within, or around, one where the person is known to be."""
    low, high = area_range(code)
    for other in person.codes:
        other_low, other_high = area_range(other)
        if low <= other_low < high or other_low <= low < other_high:
            return True
    return False


def differs(one: str, other: str) -> bool:
    """Say whether two folded names are too unlike to be two spellings of one."""
    if one == other:
        return False
    rest, shared = list(other), 0
    for letter in one:
        if letter in rest:
            rest.remove(letter)
            shared += 1
    return shared < _SAME_NAME_SHARE * max(len(one), len(other))
