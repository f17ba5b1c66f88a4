"""Is a result believable enough to act on? A rule written wrong shows in its numbers first."""

from yanglao.domain.entitlements.types import HoldLimits


def why_held(
    *,
    yes: int,
    people: int,
    universal: bool,
    baseline: tuple[int, int, int] | None,
    limits: HoldLimits,
) -> str:
    """Say in Chinese why a result must wait for a person; ``""`` when it need not.

    Held is a rule that suddenly matches (nearly) everybody, or far more than last time. Last time
    counts with its "possible" answers: a list that came in and settles them is no surprise.

    Args:
        yes: People with "yes" now.
        people: People looked at now.
        universal: Matching everybody is expected.
        baseline: ``(yes, possible, people)`` of the last run whose result was not held.
        limits: From the pack.
    """
    if people < limits.minimum_people or yes == 0:
        return ""
    if not universal and yes >= limits.everybody_share * people:
        return f"规则几乎匹配了所有人（{people:,} 人中 {yes:,} 人），请核对规则后放行。"
    if baseline is None or baseline[2] == 0:
        return ""
    yes_before, possible_before, people_before = baseline
    expected = (yes_before + possible_before) * people / people_before
    if yes - expected < limits.minimum_people or yes < limits.growth_factor * expected:
        return ""
    return f"符合的人数比上次多出太多（上次 {yes_before:,} 人，这次 {yes:,} 人），请核对后放行。"
