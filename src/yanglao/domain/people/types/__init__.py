"""List kinds, coded values with their labels, and the plain rows that go in and come out."""

from yanglao.domain.people.types.encoding import digests, encode_values, tail_key, tail_keys
from yanglao.domain.people.types.kinds import (
    ELSEWHERE,
    HAND_BATCH,
    KIND_LABELS,
    KIND_SENDERS,
    KINDS_WITH_ABSENCE,
    OWN_DATES,
    VALUE_FIELDS,
    Kind,
    ValueField,
)
from yanglao.domain.people.types.labels import (
    CODED_VALUES,
    FACT_LABELS,
    field_label,
    value_label,
)
from yanglao.domain.people.types.rows import (
    ContactLine,
    FactLine,
    HouseholdMember,
    KnownPerson,
    ListQuality,
    NewPerson,
    PeopleCounts,
    StatementBatch,
    Stored,
    TimelineEvent,
)

__all__ = [
    "CODED_VALUES",
    "ELSEWHERE",
    "FACT_LABELS",
    "HAND_BATCH",
    "KINDS_WITH_ABSENCE",
    "KIND_LABELS",
    "KIND_SENDERS",
    "OWN_DATES",
    "VALUE_FIELDS",
    "ContactLine",
    "FactLine",
    "HouseholdMember",
    "Kind",
    "KnownPerson",
    "ListQuality",
    "NewPerson",
    "PeopleCounts",
    "StatementBatch",
    "Stored",
    "TimelineEvent",
    "ValueField",
    "digests",
    "encode_values",
    "field_label",
    "tail_key",
    "tail_keys",
    "value_label",
]
