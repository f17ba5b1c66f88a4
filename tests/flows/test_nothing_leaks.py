"""A stolen disk shows nobody's number, telephone, address, account, diagnosis or place on the map.

Lists come in, rows go back, people are matched, leads are worked, facts are entered by hand, a
page fails; then every file of the installation, every table of the database and every line that
was logged is searched for each of the secrets that went in, in several encodings and inside
compressed files. The key file is the one exception.
"""

import gzip
import io
import logging
import os
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test import Client

from tests.flows import population as p
from tests.flows.conftest import listed
from tests.flows.list_rows import HandIn, household, number, pension
from yanglao.domain.exchange.models import ReceivedList
from yanglao.domain.leads.models import Lead
from yanglao.domain.leads.public import move_leads
from yanglao.domain.people.models import Contact, HealthEntry, Person, SurveyEntry
from yanglao.flows.find_entitled import find_entitled
from yanglao.flows.follow_leads import enter_and_recheck
from yanglao.flows.hold_uploads import Asked, hold
from yanglao.flows.take_in_list import returned_sheet
from yanglao.foundation import jobs
from yanglao.foundation.home import home
from yanglao.foundation.logs import HidingFormatter
from yanglao.foundation.scoping import system_reader

REGION = "653200000000"
READER = system_reader(REGION, name="测试")
ACCOUNT = "6217001234567890123"
ADDRESS = "和田地区墨玉县玫瑰巷七十七号三单元"
DIAGNOSIS = "阿尔茨海默病伴行为障碍"
PHONE, CONTACT_PHONE, HAND_PHONE = "13812345678", "13987654321", "13711112222"
LONGITUDE, LATITUDE = 79.731234, 37.281234
CONTACT = "表弟阿卜杜拉"
FACT_PHONE = "13766665555"

#: Everything that went in and must not be found.
SECRETS = (
    *(number(order) for order in (1, 2, 3, 7)),
    *(PHONE, CONTACT_PHONE, HAND_PHONE, FACT_PHONE),
    *(ACCOUNT, ADDRESS, DIAGNOSIS, CONTACT),
    *(str(LONGITUDE), str(LATITUDE)),
)


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Every line that any logger writes, as the program formats it."""
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(HidingFormatter("{asctime} {levelname} {name} {message}", style="{"))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lines
    root.setLevel(before)
    root.removeHandler(handler)


def _take_in(hand_in: HandIn) -> None:
    """Let lists in that hold every sort of secret, in rows that go in and in rows that go back."""
    hand_in(
        [
            household(1, 家庭住址=ADDRESS, 银行账号=ACCOUNT),
            household(2, "古丽", 家庭住址=ADDRESS, 备注=f"电话 {PHONE}"),
        ],
        [pension(1, 联系电话=PHONE, 社保卡银行账号=ACCOUNT), pension(7, "图尔荪")],
        listed(
            [
                {
                    "姓名": "买买提·吐尔逊",
                    "公民身份号码": number(1),
                    "最近体检日期": "2026-09-01",
                    "慢性病": DIAGNOSIS,
                    "是否失智": "是",
                    "家庭医生": f"王医生 {CONTACT_PHONE}",
                }
            ]
        ),
        listed(
            [
                {
                    "姓名": "买买提·吐尔逊",
                    "公民身份号码": number(1),
                    "常住地区划代码": p.VILLAGE,
                    "居住状况": "独居",
                    "联系电话": PHONE,
                    "紧急联系人": CONTACT,
                    "紧急联系人电话": CONTACT_PHONE,
                    "经度": LONGITUDE,
                    "纬度": LATITUDE,
                }
            ]
        ),
        # Rows that go back, with all that stood in them; a title and a footer with numbers.
        listed(
            [
                pension(3, 待遇状态=f"不详 {ADDRESS}", 联系电话=CONTACT_PHONE, 备注=ACCOUNT),
                {"姓名": f"合计 填表人电话 {PHONE}"},
            ],
            title=f"墨玉县养老保险名单 联系人 {PHONE}",
        ),
        b"not a workbook " + number(1).encode(),
    )


def _work() -> None:
    """Match, work leads, enter facts by hand, hold an upload, ask for a returned sheet."""
    p.publish()
    find_entitled(region=REGION, as_of=p.AS_OF, acting=READER)
    lead = Lead.objects.order_by("id").first()
    assert lead is not None
    words = f"打了 {HAND_PHONE}，住{ADDRESS}"
    move_leads(ids=[lead.pk], to_state="contacted", acting=READER, note=words)
    person = Person.objects.get(pk=lead.person_id)
    enter_and_recheck(
        person_id=person.pk,
        kind="survey",
        values={"phone": FACT_PHONE, "living": "alone", "residence_code": p.VILLAGE},
        acting=READER,
        as_of=p.AS_OF,
        reason=f"电话 {FACT_PHONE} 里说的",
    )
    asked = Asked(sender="测试", division=REGION, month=date(2026, 10, 1), full=False)
    hold(
        [(f"{number(2)}.xlsx", [listed([household(1, 家庭住址=ADDRESS)])])],
        asked=asked,
        acting=READER,
    )
    for received in ReceivedList.objects.filter(returned__gt=0).order_by("id"):
        assert returned_sheet(READER, received.pk).getvalue()


def _take_out(client: Client) -> None:
    """Let a job write a long list; it lies on disk for a day."""
    page = client.get("/leads/export.xlsx")["Location"]
    done = jobs.run_all()[-1]
    assert done.state == "done", done.error
    kept = home() / "downloads" / str(done.pk) / "file"
    assert not zipfile.is_zipfile(kept)
    assert zipfile.is_zipfile(io.BytesIO(client.get(f"{page}file/").getvalue()))


def _fail() -> None:
    """Let a job and a statement fail with secrets in their hands."""

    @jobs.bind("leak_test_fails")
    def fail(job: Any, report: Any, *, about: str) -> dict[str, Any]:
        report(1, 2, f"看 {about}")
        raise ValueError(f"cannot read {about} at {ADDRESS}")

    jobs.defer("leak_test_fails", READER, about=number(1))
    done = jobs.run_all()
    assert done[-1].state == "failed"
    logger = logging.getLogger("yanglao.test")
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO people_coverage (kind) VALUES (%s)", [number(1)])
    except DatabaseError:
        logger.exception("a statement failed about %s %s", number(2), PHONE)


def _texts(data: bytes, depth: int = 0) -> Iterator[bytes]:
    """Give some bytes and what is packed in them."""
    yield data
    if depth > 3:
        return
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for name in packed.namelist():
                yield from _texts(packed.read(name), depth + 1)
    elif data[:2] == b"\x1f\x8b":
        yield from _texts(gzip.decompress(data), depth + 1)
    elif data[:4] == b"PAR1":
        import pyarrow.parquet as pq

        yield str(pq.read_table(io.BytesIO(data)).to_pylist()).encode()


def _found(data: bytes) -> list[str]:
    """Return the secrets that stand in some bytes."""
    return sorted(
        {
            secret
            for text in _texts(data)
            for secret in SECRETS
            for encoding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")
            if secret.encode(encoding) in text
        }
    )


def _database() -> Iterator[tuple[str, bytes]]:
    """Give the database as a thief would have it: its files, or a dump of every table."""
    if connection.vendor == "sqlite":
        file = Path(str(connection.settings_dict["NAME"]))
        for path in sorted(file.parent.glob(file.name + "*")):
            yield path.name, path.read_bytes()
        return
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            pieces = []
            with cursor.cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
                pieces += [bytes(piece) for piece in copy]
            text = b"".join(pieces)
            yield table, text
            # bytea is dumped in hexadecimal: look at what it stands for as well.
            yield f"{table} as bytes", b"\n".join(_bytea(text))


def _bytea(text: bytes) -> Iterator[bytes]:
    for word in text.replace(b"\n", b"\t").split(b"\t"):
        if word.startswith(b"\\\\x"):
            yield bytes.fromhex(word[3:].decode())


def _files() -> Iterator[tuple[str, bytes]]:
    for folder, _, names in os.walk(home()):
        for name in names:
            if name not in {"keys.txt", "secret_key"}:
                path = Path(folder) / name
                yield str(path.relative_to(home())), path.read_bytes()


@pytest.mark.django_db(transaction=True)
def test_nothing_of_anybody_lies_readable(
    hand_in: HandIn,
    logged: io.StringIO,
    capfd: pytest.CaptureFixture[str],
    client_as: Callable[..., Client],
    settings: Any,
) -> None:
    """And all of it can still be read by who has the keys."""
    settings.EXPORT_AT_ONCE = 0
    _take_in(hand_in)
    _work()
    _take_out(client_as("prefecture", REGION))
    _fail()
    person = Person.objects.get(name="买买提·吐尔逊")
    assert person.id_number == number(1)
    assert HealthEntry.objects.get(person=person).chronic == DIAGNOSIS
    assert Contact.objects.filter(person=person).exists()
    told = SurveyEntry.objects.filter(person=person).order_by("id").first()
    assert told is not None
    assert (told.phone, told.longitude) == (PHONE, LONGITUDE)
    leaks = {name: found for name, data in _database() if (found := _found(data))}
    leaks |= {name: found for name, data in _files() if (found := _found(data))}
    said = capfd.readouterr()
    lines = (("log", logged.getvalue()), ("out", said.out), ("err", said.err))
    for name, text in lines:
        if found := _found(text.encode()):
            leaks[name] = found
    assert not leaks


def test_the_search_finds_what_is_there() -> None:
    """The test above is no use if it can't find anything."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("a.xml", f"<t>{ADDRESS}</t>")
    assert _found(packed.getvalue()) == [ADDRESS]
    assert _found(gzip.compress(number(1).encode())) == [number(1)]
    assert _found(PHONE.encode("utf-16-le")) == [PHONE]
    assert list(_bytea(b"1\t\\\\x616263\tx\n")) == [b"abc"]
