"""Every model says what personal data it holds and how that is retired."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PersonalData:
    """What a table holds about people.

    Attributes:
        kinds: Kinds of data in plain words (``"identity"``, ``"contact"``, ``"poverty"``,
            ``"disability"``, ``"health"``, ``"family"``, ``"place"``, ``"staff"``); empty: none.
        retired: How rows end: ``"never personal"``, or the rule that removes or masks them
            (个人信息保护法 art. 19: kept no longer than the purpose needs).
    """

    kinds: tuple[str, ...]
    retired: str


NO_PERSONAL_DATA = PersonalData(kinds=(), retired="never personal")
