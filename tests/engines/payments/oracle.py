"""A slow reckoning of its own: what a month gives, and what may be paid together.

Nothing here is taken from the engine but the shapes of its data. Months are (year, month) pairs,
days are walked one by one, choices are found by trying every set.
"""

import calendar
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations


def add(pair, offset):
    """A month some months on."""
    year, month = pair
    total = year * 12 + (month - 1) + offset
    return (total // 12, total % 12 + 1)


def of(day):
    """The month of a day."""
    return (day.year, day.month)


def first_and_last(answers, number, rule):
    """First and last month of one interval."""
    one = answers[number]
    goes_on = number > 0 and answers[number - 1].end == one.first
    begin = add(of(one.first), rule.change if goes_on else rule.start)
    if one.end is None:
        return begin, (9999, 12)
    if number + 1 < len(answers) and answers[number + 1].first == one.end:
        return begin, add(of(one.end), rule.change - 1)
    stops = {
        "death": rule.stop_death,
        "move": rule.stop_move,
        "grade": rule.stop_grade,
        "admission": rule.stop_admission,
        "revoked": rule.stop_revoked,
    }
    return begin, add(of(one.end), stops.get(one.ended_by, rule.stop_other))


def approved(history, rule, pair):
    """Whether an approval covers the month."""
    if rule.basis == "none":
        return True
    for one in history.approvals:
        if one.benefit != rule.benefit:
            continue
        day = {"approval": one.approved_on, "application": one.applied_on}.get(rule.basis)
        if day is not None and pair < add(of(day), rule.basis_start):
            continue
        if one.revoked_on is not None and pair > add(of(one.revoked_on), rule.stop_revoked):
            continue
        return True
    return False


def suspended(history, rule, pair):
    """Whether a suspension covers the month."""
    for one in history.suspensions:
        if one.benefit != rule.benefit or (one.cleared and rule.repay_suspended):
            continue
        after_begin = pair >= add(of(one.first), rule.suspend)
        if after_begin and (one.end is None or pair < add(of(one.end), rule.resume)):
            return True
    return False


def due(history, rule, version, pair):
    """("payable", fen), ("held", None) or ("no", 0) for a month."""
    if rule is None or not version:
        return ("no", 0)
    version = "" if rule.basis == "none" else version
    answers = [a for a in history.answers if (a.benefit, a.version) == (rule.benefit, version)]
    answers.sort(key=lambda a: a.first)
    if not approved(history, rule, pair) or suspended(history, rule, pair):
        return ("no", 0)
    if rule.prorate == "days":
        return by_days(history, rule, answers, pair)
    if history.died_on and pair > add(of(history.died_on), rule.stop_death):
        return ("no", 0)
    found = None
    for number, one in enumerate(answers):
        begin, last = first_and_last(answers, number, rule)
        if begin <= pair <= last:
            found = one
    if found is None:
        return ("no", 0)
    if not found.known or found.fen is None:
        return ("held", None)
    return ("payable", found.fen)


def by_days(history, rule, answers, pair):
    """Walk the days of the month."""
    length = calendar.monthrange(*pair)[1]
    total, any_day = Fraction(0), False
    for number in range(length):
        day = date(*pair, 1) + timedelta(days=number)
        if history.died_on and day > history.died_on:
            continue
        if rule.basis != "none" and not any(
            a.benefit == rule.benefit
            and {"approval": a.approved_on, "application": a.applied_on}.get(rule.basis, date.min)
            <= day
            and (a.revoked_on is None or day < a.revoked_on)
            for a in history.approvals
        ):
            continue
        for one in answers:
            if one.first <= day and (one.end is None or day < one.end):
                if not one.known or one.fen is None:
                    return ("held", None)
                total, any_day = total + Fraction(one.fen, length), True
    return ("payable", int(total + Fraction(1, 2))) if any_day else ("no", 0)


def beats(table, one, other):
    """Whether a claim (code, fen) beats another for sure, given all amounts."""
    row = table.between(one[0], other[0])
    if row is None:
        return False
    if row.kind == "EXCLUDE":
        return row.first == one[0]
    if row.kind == "HIGHER_OF":
        place = table.order.index
        return (one[1], -place(one[0])) > (other[1], -place(other[0]))
    return False


def pay_known(table, claims):
    """What is paid of claims (code, fen) when all is known: the one stable set, found by trying."""
    found = []
    for size in range(len(claims) + 1):
        for chosen in combinations(claims, size):
            left = [c for c in claims if c not in chosen]
            quiet = not any(beats(table, a, b) for a in chosen for b in chosen)
            if quiet and all(any(beats(table, a, b) for a in chosen) for b in left):
                found.append(chosen)
    assert len(found) == 1, "the table has not exactly one answer"
    paid = {}
    for code, fen in found[0]:
        bases = [
            other_fen
            for other, other_fen in found[0]
            if (row := table.between(code, other))
            and row.kind == "DIFFERENCE"
            and row.first == other
        ]
        paid[code] = max(0, fen - sum(bases))
    return {code: paid.get(code, 0) for code, _ in claims}
