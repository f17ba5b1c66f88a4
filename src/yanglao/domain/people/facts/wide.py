"""The SQL of the wide row itself: one column a fact, from the tables of the day."""

# ruff: noqa: S608 - SQL made of this program's own constants; identifiers and dates only.


def _told(kind: str, value: str, none: str) -> str:
    """Return SQL: the value if a live statement stands, ``none`` if absence says so, else unknown.

    A row that went back says that the person *is* on the list: no absence then.
    """
    return (
        f"CASE WHEN {kind}_now.person_id IS NOT NULL THEN {value} "
        f"WHEN covered.{kind} IS NOT NULL "
        f"AND NOT coalesce(mentioned.{kind} >= covered.{kind}, FALSE) THEN {none} END"
    )


def source_columns(day: str) -> dict[str, str]:
    """Return the columns that say which statement facts followed from (``FACT_SOURCES``)."""
    named = {
        f"from_{kind}": f"{kind}_now.id"
        for kind in (
            *("household", "pension", "assistance", "disability", "health", "dementia"),
            *("ltci", "veterans", "assessment", "relief"),
        )
    }
    return {
        **named,
        "from_residence": "survey_now.residence_code_id",
        "from_living": "survey_now.living_id",
        "from_supporter": "survey_now.supporter_id",
        "from_family_planning": "survey_now.family_planning_special_id",
        "from_deaths": f"CASE WHEN deaths_now.died_on <= {day} THEN deaths_now.id END",
        "from_register": "coalesce(household_now.dead_id, household_now.id)",
    }


def wide_row(day: str, further: dict[str, str]) -> str:
    """Return the SELECT that makes ``facts`` as of a day (SQL literal), with further columns."""
    helped = f"assistance_now.holds_to IS NULL OR assistance_now.holds_to >= {day}"
    tekun = f"assistance_now.assistance = 'tekun' AND ({helped})"
    valid = "disability_now.card_status <> 'cancelled'"
    # Who was never insured has no level; a level told beside "not insured" is told all the same.
    level = "CASE WHEN ltci_insured THEN ltci_level ELSE coalesce(ltci_level, -1) END"
    receiving = "CASE WHEN ltci_insured THEN ltci_receiving ELSE FALSE END"
    facts = {
        "alive": f"""CASE WHEN deaths_now.died_on <= {day} OR household_now.dead THEN FALSE
            WHEN household_now.person_id IS NOT NULL OR deaths_now.died_on > {day}
                OR (covered.deaths IS NOT NULL
                    AND NOT coalesce(mentioned.deaths >= covered.deaths, FALSE))
            THEN TRUE END""",
        "hukou_code": "nullif(household_now.hukou_code, '')",
        "residence_code": "survey_now.residence_code",
        "household_id": "nullif(household_now.household_id, '')",
        "marital": "nullif(household_now.marital, '')",
        "pension_kind": _told("pension", "nullif(pension_now.pension_kind, '')", "''"),
        "pension_status": _told("pension", "nullif(pension_now.pension_status, '')", "''"),
        "assistance": _told(
            "assistance", f"CASE WHEN {helped} THEN assistance_now.assistance ELSE '' END", "''"
        ),
        "support_mode": _told(
            "assistance", f"CASE WHEN {tekun} THEN nullif(support_mode, '') ELSE '' END", "''"
        ),
        "tekun_care": _told(
            "assistance", f"CASE WHEN {tekun} THEN nullif(tekun_care, '') ELSE '' END", "''"
        ),
        "disability_category": _told(
            "disability", f"CASE WHEN {valid} THEN disability_category ELSE -1 END", "-1"
        ),
        "disability_grade": _told(
            "disability", f"CASE WHEN {valid} THEN disability_grade ELSE -1 END", "-1"
        ),
        "needs_long_term_care": _told(
            "disability", f"CASE WHEN {valid} THEN needs_long_term_care ELSE FALSE END", "FALSE"
        ),
        "health_checked_on": _told("health", "health_now.health_checked_on", "DATE '0001-01-01'"),
        "dementia": "dementia_now.dementia",
        "ltci_insured": _told("ltci", "ltci_insured", "FALSE"),
        "ltci_level": _told("ltci", level, "-1"),
        "ltci_receiving": _told("ltci", receiving, "FALSE"),
        "ltci_assessed_on": _told("ltci", "ltci_assessed_on", "DATE '0001-01-01'"),
        "special_contribution": _told("veterans", "veterans_now.special_contribution", "FALSE"),
        "ability_level": "assessment_now.ability_level",
        "assessed_on": "assessment_now.assessed_on",
        "living": "survey_now.living",
        "supporter": "survey_now.supporter",
        "family_planning_special": "survey_now.family_planning_special",
        "in_relief": _told("relief", "relief_now.in_relief", "FALSE"),
    }
    return _select(facts | further)


def _select(columns_by_name: dict[str, str]) -> str:
    """Return the whole SELECT: a person's own columns, then those given."""
    columns = ",\n".join(f"{value} AS {name}" for name, value in columns_by_name.items())
    tables = "household pension assistance disability health dementia ltci veterans assessment "
    joins = "\n".join(
        f"LEFT JOIN {name}_now ON {name}_now.person_id = person.id"
        for name in (tables + "survey relief deaths").split()
    )
    return f"""
        SELECT person.id AS person_id, person.place_code, person.birth_date,
            nullif(person.sex, '') AS sex, {columns}
        FROM person JOIN covered ON covered.person_id = person.id
        LEFT JOIN mentioned ON mentioned.person_id = person.id {joins}"""
