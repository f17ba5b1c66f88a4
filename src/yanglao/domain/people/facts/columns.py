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
    "health": (Column("health_checked_on", "date"), Column("dementia", "bool")),
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

#: Which statement a fact followed from: fact to (list kind, table of the day, column of its id).
FACT_SOURCES: dict[str, tuple[str, str, str]] = {
    "hukou_code": ("household", "household_now", "id"),
    "household_id": ("household", "household_now", "id"),
    "marital": ("household", "household_now", "id"),
    "pension_kind": ("pension", "pension_now", "id"),
    "pension_status": ("pension", "pension_now", "id"),
    "assistance": ("assistance", "assistance_now", "id"),
    "support_mode": ("assistance", "assistance_now", "id"),
    "tekun_care": ("assistance", "assistance_now", "id"),
    "disability_category": ("disability", "disability_now", "id"),
    "disability_grade": ("disability", "disability_now", "id"),
    "needs_long_term_care": ("disability", "disability_now", "id"),
    "health_checked_on": ("health", "health_now", "id"),
    "dementia": ("health", "dementia_now", "id"),
    "ltci_insured": ("ltci", "ltci_now", "id"),
    "ltci_level": ("ltci", "ltci_now", "id"),
    "ltci_receiving": ("ltci", "ltci_now", "id"),
    "ltci_assessed_on": ("ltci", "ltci_now", "id"),
    "special_contribution": ("veterans", "veterans_now", "id"),
    "ability_level": ("assessment", "assessment_now", "id"),
    "assessed_on": ("assessment", "assessment_now", "id"),
    "residence_code": ("survey", "survey_now", "residence_code_id"),
    "living": ("survey", "survey_now", "living_id"),
    "supporter": ("survey", "survey_now", "supporter_id"),
    "family_planning_special": ("survey", "survey_now", "family_planning_special_id"),
    "in_relief": ("relief", "relief_now", "id"),
}
