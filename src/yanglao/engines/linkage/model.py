"""The model: what is compared, on which levels, and how much each level weighs.

The conditions are SQL and stand here; their parameters are data and stand in ``data/``. ``m`` is
how often a level is met by a row and its own person, ``u`` by a row and somebody else; both were
counted once on invented people and rows whose truth is known (``tests/engines/linkage``), except
where the file says how they follow. A new count is a new file with a new version.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import log2
from typing import Any

#: Model file in use.
CURRENT = 1


def within_slips(one: str, other: str, slips: int) -> str:
    """Return that two texts are at most so many slips apart, neighbours exchanged being one.

    The plain distance costs a fifth and is never more than twice the other: it goes first.
    """
    return (
        f"levenshtein({one}, {other}) <= {2 * slips} "
        f"AND damerau_levenshtein({one}, {other}) <= {slips}"
    )


# What is cheap stands first: distances are computed only where they can still decide. They are
# what a million pairs cost.
_NEAR_NAMES = (
    "length(fold_l) >= 3 AND abs(length(fold_l) - length(fold_r)) <= 1 "
    f"AND {within_slips('fold_l', 'fold_r', 1)} "
    "OR length(reading_l) >= 8 AND abs(length(reading_l) - length(reading_r)) <= 2 "
    f"AND {within_slips('reading_l', 'reading_r', 2)}"
)
_LIKE_NAMES = (
    "jaro_winkler_similarity(reading_l, reading_r) >= 0.88 "
    "OR length(fold_l) >= 3 AND length(fold_r) >= 5 AND abs(length(fold_l) - length(fold_r)) <= 2 "
    f"AND {within_slips('fold_l', 'fold_r', 2)}"
)
#: The row tells one place; a person may be known by three.
_WITHIN = (
    "(starts_with(place_r, place_l) OR starts_with(hukou_r, place_l) "
    "OR starts_with(lives_r, place_l))"
)
#: ``day`` is the birth date as eight digits.
_NEAR_DAY = "hamming(day_l, day_r) = 1"
_SWAPPED_DAY = (
    "year(born_l) = year(born_r) AND month(born_l) = day(born_r) AND day(born_l) = month(born_r)"
)
_ONE_SLIP = within_slips("digits_l", "digits_r", 1)
#: Asked where one slip has been ruled out.
_TWO_SLIPS = within_slips("digits_l", "digits_r", 2)
_SAME_START = "left(digits_l, 14) = left(digits_r, 14)"


def _part(length: int) -> str:
    return (
        f"(left(place_r, {length}) = left(place_l, {length}) "
        f"OR left(hukou_r, {length}) = left(place_l, {length}) "
        f"OR left(lives_r, {length}) = left(place_l, {length}))"
    )


#: Comparison to its levels: name of the level and SQL; the empty condition is "anything else".
LEVELS: dict[str, tuple[tuple[str, str], ...]] = {
    "name": (
        ("unknown", "fold_l = '' OR fold_r = ''"),
        ("same_rare", "fold_l = fold_r AND namesakes_r <= 3"),
        ("same_usual", "fold_l = fold_r AND namesakes_r <= 30"),
        ("same_common", "fold_l = fold_r AND namesakes_r <= 300"),
        ("same_very_common", "fold_l = fold_r"),
        ("sounds_same", "reading_l = reading_r OR sound_l = sound_r AND length(sound_l) >= 4"),
        ("near", _NEAR_NAMES),
        ("sounds_alike", "sound_l = sound_r"),
        ("alike", _LIKE_NAMES),
        ("other", ""),
    ),
    "born": (
        ("unknown", "born_l IS NULL OR born_r IS NULL"),
        ("same", "born_l = born_r"),
        ("swapped", _SWAPPED_DAY),
        ("one_digit", _NEAR_DAY),
        ("same_month", "left(day_l, 6) = left(day_r, 6)"),
        ("same_year", "year(born_l) = year(born_r)"),
        ("other", ""),
    ),
    "sex": (
        ("unknown", "sex_l = '' OR sex_r = ''"),
        ("same", "sex_l = sex_r"),
        ("other", ""),
    ),
    "place": (
        ("unknown", "length(place_l) < 4"),
        ("village", f"length(place_l) = 12 AND {_WITHIN}"),
        ("town", f"length(place_l) >= 9 AND {_part(9)}"),
        ("county", f"length(place_l) >= 6 AND {_part(6)}"),
        ("prefecture", _part(4)),
        ("other", ""),
    ),
    "number": (
        ("unknown", "digits_l = '' OR digits_r = ''"),
        ("slip_alone", f"born_l IS NULL AND {_ONE_SLIP}"),
        ("slip_before", f"NOT {_SAME_START} AND {_ONE_SLIP}"),
        ("slip_behind", f"{_SAME_START} AND {_ONE_SLIP}"),
        ("two_behind", f"{_SAME_START} AND {_TWO_SLIPS}"),
        ("two_slips", f"NOT {_SAME_START} AND {_TWO_SLIPS}"),
        ("same_start", _SAME_START),
        ("other", ""),
    ),
    "phone": (
        ("unknown", "len(phones_l) = 0"),
        ("same", "list_has_any(phones_l, phones_r)"),
        ("other", ""),
    ),
    "household": (
        ("unknown", "len(households_l) = 0"),
        ("same", "list_has_any(households_l, households_r)"),
        ("other", ""),
    ),
}


@dataclass(frozen=True, slots=True)
class Model:
    """Parameters of one version.

    Attributes:
        version: Number of the file.
        one_in: A row and a person taken at random are the same once in so many pairs.
        parameters: Comparison and level to ``(m, u)``.
    """

    version: int
    one_in: int
    parameters: dict[str, dict[str, tuple[float, float]]]

    def weight(self, comparison: str, level: str) -> float:
        """Return how much a level speaks for one person (positive) or two (negative), in bits."""
        if level == "unknown":
            return 0.0
        m, u = self.parameters[comparison][level]
        return log2(m / u)

    def level(self, comparison: str, gamma: int) -> str:
        """Return the level of Splink's number for it: -1 unknown, 0 anything else, then upwards."""
        known = [name for name, _ in LEVELS[comparison] if name != "unknown"]
        return "unknown" if gamma < 0 else known[len(known) - 1 - gamma]

    def settings(self) -> dict[str, Any]:
        """Return the model as Splink's settings."""
        return {
            "link_type": "link_only",
            "unique_id_column_name": "unique_id",
            "probability_two_random_records_match": 1 / self.one_in,
            # Pairs are made by our own blocking; this rule only has to be there.
            "blocking_rules_to_generate_predictions": ["l.sound = r.sound AND l.born = r.born"],
            "retain_matching_columns": True,
            "retain_intermediate_calculation_columns": False,
            "comparisons": [self._comparison(name) for name in LEVELS],
        }

    def _comparison(self, name: str) -> dict[str, Any]:
        levels: list[dict[str, Any]] = []
        for level, condition in LEVELS[name]:
            if level == "unknown":
                levels.append(
                    {
                        "sql_condition": condition,
                        "label_for_charts": level,
                        "is_null_level": True,
                    }
                )
                continue
            m, u = self.parameters[name][level]
            levels.append(
                {
                    "sql_condition": condition or "ELSE",
                    "label_for_charts": level,
                    "m_probability": m,
                    "u_probability": u,
                    "fix_m_probability": True,
                    "fix_u_probability": True,
                }
            )
        return {"output_column_name": name, "comparison_levels": levels}


class WrongModel(ValueError):
    """A model file that cannot be used; the message says what is wrong where."""


@cache
def load_model(version: int = CURRENT) -> Model:
    """Return the model of a version.

    Raises:
        WrongModel: If its levels are not those of :data:`LEVELS`, or a number is no probability.
    """
    text = files("yanglao.engines.linkage").joinpath(f"data/model-{version}.json").read_text()
    return read_model(json.loads(text))


def read_model(data: dict[str, Any]) -> Model:
    """Return the model that the data says.

    Raises:
        WrongModel: If its levels are not those of :data:`LEVELS`, or a number is no probability.
    """
    parameters: dict[str, dict[str, tuple[float, float]]] = {}
    for name, levels in LEVELS.items():
        given = data["parameters"].get(name, {})
        wanted = [level for level, _ in levels if level != "unknown"]
        if list(given) != wanted:
            raise WrongModel(f"{name}: levels {list(given)}, wanted {wanted}")
        for level, (m, u) in given.items():
            if not (0 < m < 1 and 0 < u < 1):
                raise WrongModel(f"{name}.{level}: {m}, {u} are no probabilities")
        parameters[name] = {level: (m, u) for level, (m, u) in given.items()}
    return Model(int(data["version"]), int(data["one_in"]), parameters)
