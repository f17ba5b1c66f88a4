"""A long record with a right chain, made fast: ``python -m tests.foundation.long_record ENTRIES``.

In an environment that names an instance without entries (``YANGLAO_HOME``, ``DATABASE_URL``). The
entries are marked and linked by the same functions that the program uses, only many at a time.
"""

import json
import os
import sys
import time
import uuid
from datetime import UTC, datetime, timedelta

_CHUNK = 20_000


def load(count: int) -> None:
    """Add entries, their links and the head."""
    from django.db import transaction

    from yanglao.foundation.audit import chain
    from yanglao.foundation.models import AuditEntry, AuditHead

    if AuditHead.objects.exists():
        raise SystemExit("there are entries already")
    began = datetime(2026, 1, 1, tzinfo=UTC)
    for start in range(0, count, _CHUNK):
        entries = []
        for at in range(start, min(start + _CHUNK, count)):
            entry = AuditEntry(
                pk=at + 1,
                at=began + timedelta(seconds=at * 17, microseconds=at % 1_000_000),
                user_id=at % 300,
                user_name=f"虚构经办人{at % 300}",
                action="person_opened" if at % 3 else "leads_moved",
                kind="read" if at % 3 else "write",
                result="done",
                subject="person",
                subject_id=str(at % 90_000),
                place_code="653222102208",
                reason="办理线索",
                address="10.0.0.7",
                device="Mozilla/5.0 (X11; Linux x86_64) Firefox/140",
                detail={"fields": ["id_number", "phone"], "number": at},
                mark=uuid.uuid4().hex,
            )
            entry.key_version, entry.mac = chain.mark_of(entry)
            entries.append(entry)
        with transaction.atomic():
            AuditEntry.objects.bulk_create(entries, batch_size=2000)
            chain._link([(one.pk, chain._content(one), one.mac) for one in entries])


def main(count: int) -> dict[str, float]:
    """Load and verify; return seconds of each."""
    import django

    django.setup()
    from django.core.management import call_command

    from yanglao.foundation import audit

    call_command("migrate", verbosity=0)
    started = time.monotonic()
    load(count)
    loaded = time.monotonic()
    cpu = time.process_time()
    verdict = audit.verify()
    done = {"entries": verdict.entries, "problems": len(verdict.problems)}
    return {
        **done,
        "load": loaded - started,
        "verify": time.monotonic() - loaded,
        "verify_cpu": time.process_time() - cpu,
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanglao.config.settings")
    print(json.dumps(main(int(sys.argv[1]))))  # noqa: T201
