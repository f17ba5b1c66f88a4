"""Benefits that follow the facts: everybody has an approval, some two or three.

Filled straight into the tables of benefits beside the elders of ``ops.bench.build`` (not measured);
measured is ``follow_benefits`` after a match: the first time, when all spells are written, and the
second, when nothing has changed.
"""

import resource
import time
from typing import Any

from django.db import connection, transaction

from yanglao.domain.benefits.public import Approval, Case
from yanglao.domain.catalogue.public import items, versions
from yanglao.flows.benefit_terms import benefit_terms
from yanglao.flows.follow_benefits import follow_benefits
from yanglao.foundation.scoping import system_reader
from yanglao.foundation.staging import run_sql
from yanglao.ops.bench.build import AS_OF, PACK, REGION

#: Item to whom it was approved: every so-manieth person.
APPROVED = {"06": 1, "09": 5, "16a": 6, "16b": 9}


def fill() -> int:
    """Approve everybody for the allowance of age, and others for more; return how many cases."""
    terms = benefit_terms(REGION)
    version = versions(PACK)[0]
    ids = {item.code: item.pk for item in items(PACK)}
    with transaction.atomic():
        return sum(
            _approve(ids[code], terms.benefit_of(code), version.pk, every)
            for code, every in APPROVED.items()
        )


def _approve(item: int, benefit: str, version: int, every: int) -> int:
    columns = {
        **{"person_id": "p.id", "item_id": str(item), "benefit": f"'{benefit}'"},
        **{"place_code": "p.place_code", "way": "'found'", "applicant": "'self'"},
        **{"state": "'approved'", "state_on": "'2024-01-20'", "applied_on": "'2023-12-01'"},
        **{"judged_on": "'2024-01-10'", "approved_on": "'2024-01-20'"},
        **{"version_id": str(version), "status": "'yes'"},
        "stopped_by_hand": "0" if connection.vendor == "sqlite" else "FALSE",
    }
    for field in Case._meta.concrete_fields:
        name = str(field.column)
        if name not in columns and not field.null and not field.primary_key:
            columns[name] = "''"
    made = run_sql(
        f"INSERT INTO {Case._meta.db_table} ({', '.join(columns)}) "
        f"SELECT {', '.join(columns.values())} FROM people_person p WHERE p.id % {every} = 0 "
        "ORDER BY p.id"
    )
    run_sql(
        f"INSERT INTO {Approval._meta.db_table} "
        "(case_id, person_id, benefit, applied_on, approved_on, approved_by) "
        "SELECT id, person_id, benefit, '2023-12-01', '2024-01-20', 'bench' "
        f"FROM {Case._meta.db_table} WHERE benefit = %s",
        (benefit,),
    )
    return made


def measure() -> dict[str, Any]:
    """Follow twice; return seconds, processor seconds and counts of each."""
    told: dict[str, Any] = {"cases": fill()}
    for name in ("first", "again"):
        began, used = time.perf_counter(), _used()
        done = follow_benefits(region=REGION, as_of=AS_OF, acting=system_reader(REGION))
        told[name] = {
            "seconds": round(time.perf_counter() - began, 1),
            "cpu": round(_used() - used, 1),
            "people": done.people,
            "begun": done.begun,
            "ended": done.ended,
            "alerts": done.alerts,
        }
    return told


def _used() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    return own.ru_utime + own.ru_stime
