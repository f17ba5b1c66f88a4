"""The two standards once more, slowly and plainly, written from their text and from no table.

Nothing here is shared with the program: numbers stand here a second time on purpose.
"""

BEST = {
    **{f"b1_{n}": 4 for n in range(1, 9)},
    **{"b2_1": 4, "b2_2": 4, "b2_3": 4, "b2_4": 3},
    **{f"b3_{n}": 4 for n in range(1, 7)},
    **{"b3_7": 1, "b3_8": 1, "b3_9": 2},
    **{"b4_1": 2, "b4_2": 2, "b4_3": 4, "b4_4": 3, "b4_5": 4},
}
CIRCUMSTANCES = ("coma", "dementia", "mental_disorder", "risk_events")

_STEPS = {"three": (0, 5, 10), "two": (0, 5), "four": (0, 5, 10, 15)}
ADL = ["three", "three", "two", "three", "three", "three", "four", "four", "three", "two"]
LTC_POINTS = {
    **{f"adl_{n}": _STEPS[kind] for n, kind in enumerate(ADL, 1)},
    **{f"cog_{n}": (0, 1, 2, 3, 4) for n in range(1, 5)},
    **{f"sen_{n}": (0, 1, 2, 3, 4) for n in range(1, 4)},
}


def preliminary(total):
    """Annex C.3."""
    if total == 90:
        return 0
    if 66 <= total <= 89:
        return 1
    if 46 <= total <= 65:
        return 2
    if 30 <= total <= 45:
        return 3
    assert 0 <= total <= 29
    return 4


def final(level, coma, dementia, mental_disorder, risk_events):
    """Annex C.4 and C.5; several circumstances together make it one level worse, not two."""
    if coma == 1:
        return 4
    if dementia == 1 or mental_disorder == 1 or risk_events >= 2:
        return min(level + 1, 4)
    return level


def ability(sheet):
    """The cells behind the id: four sums, total, preliminary and final level."""
    sums = [0, 0, 0, 0]
    for code in BEST:
        sums["1234".index(code[1])] += sheet[code]
    total = sum(sums)
    first = preliminary(total)
    return [*sums, total, first, final(first, *(sheet[name] for name in CIRCUMSTANCES))]


def adl_level(total):
    """0 whole, 1 lightly, 2 middling, 3 heavily impaired."""
    for level, least in ((0, 100), (1, 65), (2, 45), (3, 0)):
        if total >= least:
            return level
    raise AssertionError(total)


def other_level(total, full):
    """Cognition (full 16), senses and communication (full 12)."""
    if total == full:
        return 0
    if total >= 4:
        return 1
    return 2 if total >= 2 else 3


def ltc(sheet):
    """The cells behind the id: three sums and the grade."""
    adl = sum(sheet[code] for code in sheet if code.startswith("adl"))
    cognition = sum(sheet[code] for code in sheet if code.startswith("cog"))
    sensory = sum(sheet[code] for code in sheet if code.startswith("sen"))
    row = adl_level(adl)
    column = max(other_level(cognition, 16), other_level(sensory, 12))
    if row == 0:
        level = 1 if column >= 2 else 0
    elif row == 1:
        level = 2 if column == 3 else 1
    elif row == 2:
        level = 3 if column == 3 else 2
    else:
        level = {0: 3, 1: 3, 2: 4, 3: 5}[column]
    return [adl, cognition, sensory, level]
