"""Columns: of the relation ``facts``, and of the tables it is made from."""

from yanglao.foundation.analytics import Column

#: Grain: one row a person. Every column but the first three is a fact of the vocabulary.
FACT_COLUMNS: dict[str, str] = {
    "person_id": "BIGINT",
    "place_code": "VARCHAR",
    "birth_date": "DATE",
    "sex": "VARCHAR",
    "alive": "BOOLEAN",
    "hukou_code": "VARCHAR",
    "residence_code": "VARCHAR",
    "household_id": "VARCHAR",
    "marital": "VARCHAR",
    "pension_kind": "VARCHAR",
    "pension_status": "VARCHAR",
    "assistance": "VARCHAR",
    "support_mode": "VARCHAR",
    "tekun_care": "VARCHAR",
    "disability_category": "BIGINT",
    "disability_grade": "BIGINT",
    "needs_long_term_care": "BOOLEAN",
    "health_checked_on": "DATE",
    "dementia": "BOOLEAN",
    "ltci_insured": "BOOLEAN",
    "ltci_level": "BIGINT",
    "ltci_receiving": "BOOLEAN",
    "ltci_assessed_on": "DATE",
    "special_contribution": "BOOLEAN",
    "ability_level": "BIGINT",
    "assessed_on": "DATE",
    "living": "VARCHAR",
    "supporter": "VARCHAR",
    "family_planning_special": "BOOLEAN",
    "in_relief": "BOOLEAN",
}

PERSON_COLUMNS = (
    Column("id", "int"),
    Column("place_code", "text"),
    Column("hukou_code", "text"),
    Column("residence_code", "text"),
    Column("birth_date", "date"),
    Column("sex", "text"),
)

ENTRY_COLUMNS = (
    Column("id", "int"),
    Column("person_id", "int"),
    Column("holds_from", "date"),
    Column("seen_to", "date"),
    Column("last_batch", "int"),
)

#: Values read of each kind: those that facts follow from.
VALUE_COLUMNS: dict[str, tuple[Column, ...]] = {
    "household": (
        Column("last_list", "int", "last_list_id"),
        Column("marital", "text"),
        Column("household_id", "text"),
        Column("hukou_code", "text"),
        Column("status", "text"),
        Column("status_on", "date"),
    ),
    "pension": (
        Column("pension_kind", "text"),
        Column("pension_status", "text"),
        Column("began_on", "date"),
    ),
    "assistance": (
        Column("assistance", "text"),
        Column("support_mode", "text"),
        Column("tekun_care", "text"),
        Column("holds_to", "date"),
    ),
    "disability": (
        Column("disability_category", "int"),
        Column("disability_grade", "int"),
        Column("needs_long_term_care", "bool"),
        Column("issued_on", "date"),
        Column("card_status", "text"),
    ),
    # Masked; ``facts.load`` puts "dementia" in its place.
    "health": (Column("health_checked_on", "date"), Column("dementia_mask", "int")),
    "ltci": (
        Column("ltci_insured", "bool"),
        Column("ltci_level", "int"),
        Column("ltci_receiving", "bool"),
        Column("assessed_on", "date"),
    ),
    "veterans": (Column("special_contribution", "bool"),),
    "assessment": (Column("assessed_on", "date"), Column("ability_level", "int")),
    "survey": (
        Column("residence_code", "text"),
        Column("living", "text"),
        Column("supporter", "text"),
        Column("family_planning_special", "bool"),
    ),
    "relief": (Column("relief_on", "date"), Column("in_relief", "bool")),
    "deaths": (Column("died_on", "date"),),
}

#: Read besides when people's own rows are brought up to date.
OWN_ROW: dict[str, tuple[Column, ...]] = {
    "person": (Column("name", "text"), Column("in_register", "bool"), Column("died_on", "date")),
    "household": (Column("name", "text"),),
}

COVERAGE_COLUMNS = (
    Column("kind", "text"),
    Column("division_code", "text"),
    Column("month", "date"),
    Column("batch", "int"),
    # No column may be called "full" in DuckDB without quotes.
    Column("is_full", "bool", '"full"'),
)

MENTION_COLUMNS = (
    Column("kind", "text"),
    Column("person_id", "int"),
    Column("month", "date"),
    Column("batch", "int"),
)

#: Which statement a fact followed from: fact to (list kind, name of its column behind the facts).
FACT_SOURCES: dict[str, tuple[str, str]] = {
    "hukou_code": ("household", "from_household"),
    "household_id": ("household", "from_household"),
    "marital": ("household", "from_household"),
    "pension_kind": ("pension", "from_pension"),
    "pension_status": ("pension", "from_pension"),
    "assistance": ("assistance", "from_assistance"),
    "support_mode": ("assistance", "from_assistance"),
    "tekun_care": ("assistance", "from_assistance"),
    "disability_category": ("disability", "from_disability"),
    "disability_grade": ("disability", "from_disability"),
    "needs_long_term_care": ("disability", "from_disability"),
    "health_checked_on": ("health", "from_health"),
    "dementia": ("health", "from_dementia"),
    "ltci_insured": ("ltci", "from_ltci"),
    "ltci_level": ("ltci", "from_ltci"),
    "ltci_receiving": ("ltci", "from_ltci"),
    "ltci_assessed_on": ("ltci", "from_ltci"),
    "special_contribution": ("veterans", "from_veterans"),
    "ability_level": ("assessment", "from_assessment"),
    "assessed_on": ("assessment", "from_assessment"),
    "residence_code": ("survey", "from_residence"),
    "living": ("survey", "from_living"),
    "supporter": ("survey", "from_supporter"),
    "family_planning_special": ("survey", "from_family_planning"),
    "in_relief": ("relief", "from_relief"),
}
