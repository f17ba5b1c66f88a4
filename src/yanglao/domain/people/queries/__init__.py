"""Reads: finding people, their file, and how fresh what we know is."""

from yanglao.domain.people.queries.alike import (
    files_alike,
    load_alike,
    people_by_households,
    people_by_phones,
)
from yanglao.domain.people.queries.family import family_of
from yanglao.domain.people.queries.file import contacts_of, household_members
from yanglao.domain.people.queries.finding import (
    about_person,
    find_people,
    get_person,
    people_by_ids,
    people_counts,
    people_of,
    reachable_person,
)
from yanglao.domain.people.queries.freshness import list_quality, people_by_county, seen_month
from yanglao.domain.people.queries.linking import (
    find_by_folds,
    find_by_names,
    find_by_numbers,
    indexes_of_tail,
    known_by_ids,
    number_indexes,
    numbers_by_ids,
    phone_indexes,
    tail_indexes,
)
from yanglao.domain.people.queries.merging import (
    all_files_of,
    files_of,
    get_merge,
    laid_in_files,
    merges,
)
from yanglao.domain.people.queries.numbers import load_numbers
from yanglao.domain.people.queries.private import PrivateValues, private_values
from yanglao.domain.people.queries.pulling import pulled_people
from yanglao.domain.people.queries.statements import (
    conflicts_followed_by_rule,
    statements_as_they_are,
)
from yanglao.domain.people.queries.storing import mask_dementia, seal_people, seal_statements
from yanglao.domain.people.queries.timeline import person_timeline

__all__ = [
    "PrivateValues",
    "about_person",
    "all_files_of",
    "conflicts_followed_by_rule",
    "contacts_of",
    "family_of",
    "files_alike",
    "files_of",
    "find_by_folds",
    "find_by_names",
    "find_by_numbers",
    "find_people",
    "get_merge",
    "get_person",
    "household_members",
    "indexes_of_tail",
    "known_by_ids",
    "laid_in_files",
    "list_quality",
    "load_alike",
    "load_numbers",
    "mask_dementia",
    "merges",
    "number_indexes",
    "numbers_by_ids",
    "people_by_county",
    "people_by_households",
    "people_by_ids",
    "people_by_phones",
    "people_counts",
    "people_of",
    "person_timeline",
    "phone_indexes",
    "private_values",
    "pulled_people",
    "reachable_person",
    "seal_people",
    "seal_statements",
    "seen_month",
    "statements_as_they_are",
    "tail_indexes",
]
