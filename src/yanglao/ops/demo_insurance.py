"""The demo's long-term care insurance: a year's insured, a fund, providers, two months of care.

Everything goes through the front doors; all people are invented (人物均为虚构).
"""

import io
import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta

import xlsxwriter

from yanglao.domain.accounts.public import (
    Account,
    Role,
    accounts_in_area,
    open_account,
    reader_of_id,
)
from yanglao.domain.ltci.public import (
    Benefit,
    Enrolment,
    Group,
    Provider,
    Source,
    approve_statement,
    balance,
    decide_benefit,
    decide_plan,
    enrolment_counts,
    enrolments,
    enter_absence,
    enter_money,
    fund_entries,
    mark_statement_paid,
    plan_grading,
    prepare_benefit,
    providers,
    save_provider,
    statement_counts,
    submit_statement,
)
from yanglao.domain.people.public import Person
from yanglao.domain.places.public import children
from yanglao.flows.enrol_ltci import contribution_lines, enrol_insured
from yanglao.flows.give_ltci_benefits import propose_plan
from yanglao.flows.grade_ltci import (
    ask_ltci_grading,
    ltci_sheet,
    object_ltci_grading,
    publish_ltci_grading,
    save_ltci_sheet,
    sign_ltci_sheet,
)
from yanglao.flows.read_ltci_terms import ltci_terms, month_before
from yanglao.flows.settle_insurance import settle_provider
from yanglao.flows.take_in_insurance_records import COLUMNS, take_in_insurance_records
from yanglao.foundation.scoping import Reader, system_reader

_REGION, _COUNTY = "653200000000", "653222000000"
_PASSWORD = "yanglao-demo"  # noqa: S105 - printed on purpose, as the demo's others
_PROVIDERS = (
    ("墨玉县安康居家护理服务中心（虚构）", "home", "52653222MJX00001"),
    ("墨玉县暖夕阳护理站（虚构）", "home", "52653222MJX00002"),
    ("墨玉县康宁养老护理院（虚构）", "institution", "52653222MJX00003"),
)
_TASKS = ("洗浴", "翻身拍背", "协助进食", "口腔护理", "康复训练", "更换衣物")
_MOST, _LEAST, _HIGHEST = 48, 14, 5
#: In the county of the demo at the least, so that few insured do not leave the fund empty.
_OPENING = 8_000_000


def show_insurance(say: Callable[[str], None], *, as_of: date) -> None:
    """Make the insurance of the demo; made once, it stays as it is."""
    maker = system_reader(_REGION, name="医保经办（演示）")
    checker = system_reader(_REGION, name="医保复核（演示）")
    people = enrol_insured(acting=maker, as_of=as_of)
    if fund_entries(maker).exists():
        say(f"长护险：{people:,} 人参保，其余已经做过。")
        return
    _money(maker, as_of)
    register = _register(maker, as_of)
    given = _benefits(maker, checker, register, as_of)
    last = month_before(as_of)
    for month in (month_before(last), last):
        _records(maker, register, given, month, as_of)
    _settle(maker, checker, register, last, as_of)
    _gradings(maker, as_of, {benefit.person_id for benefit, _provider in given})
    counts = statement_counts(maker)
    say(
        f"长护险：{people:,} 人参保，{len(given)} 人享受待遇，{len(register)} 家护理机构，"
        f"结算单 {sum(counts.values())} 张，基金结余 {balance(maker, as_of) // 100:,} 元。"
    )


def _money(maker: Reader, as_of: date) -> None:
    """Last year's rest, this year's contributions almost whole, county by county."""
    groups = {str(group.label): group.value for group in Group}
    sources = {str(source.label): source.value for source in Source}
    for county in children(_REGION):
        here = maker.narrowed(county.code)
        count = sum(
            number
            for name, number in enrolment_counts(here, as_of.year).items()
            if name != "receiving"
        )
        if not count:
            continue
        january = date(as_of.year, 1, 5)
        enter_money(
            place_code=county.code,
            on=january,
            kind="opening",
            fen=max(count * 9_000, _OPENING if county.code == _COUNTY else 0),
            acting=here,
            voucher=f"{as_of.year - 1}结转",
        )
        for at, line in enumerate(contribution_lines(here, as_of.year)):
            part = (line.due_fen or 0) * (100 - 3 * at % 11) // 100
            if part:
                enter_money(
                    place_code=county.code,
                    on=date(as_of.year, 2 + at % 4, 20),
                    kind="contribution",
                    fen=part,
                    acting=here,
                    insured_as=groups[line.group],
                    source=sources[line.source],
                    voucher=f"{as_of.year}-{county.code[:6]}-{at + 1:02}",
                )


def _register(maker: Reader, as_of: date) -> list[Provider]:
    for name, kind, stem in _PROVIDERS:
        save_provider(
            name=name,
            credit_code=_with_check(stem),
            kind=kind,
            place_code=_COUNTY,
            contract_from=date(as_of.year - 1, 7, 1),
            contract_to=date(as_of.year + 1, 6, 30),
            acting=maker,
        )
    return list(providers(maker))


def _with_check(stem: str) -> str:
    """Return a credit code of 18 signs with its check sign (GB 32100-2015), plainly invented."""
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = stem.ljust(17, "0")
    total = sum(signs.index(sign) * pow(3, at, 31) for at, sign in enumerate(body))
    return body + signs[(31 - total % 31) % 31]


def _benefits(
    maker: Reader, checker: Reader, register: Sequence[Provider], as_of: date
) -> list[tuple[Benefit, Provider]]:
    """Benefits of people whom the list of 医保 calls receivers, with a plan each."""
    terms = ltci_terms(as_of)
    lowest = terms.value("lowest_grade", as_of) or 0
    chosen = _receivers(maker, as_of.year, lowest)
    first = month_before(month_before(month_before(as_of)))
    by_kind = {
        kind: [one for one in register if one.kind == kind] for kind in ("home", "institution")
    }
    found = []
    for at, (row, level) in enumerate(chosen):
        place = "institution" if at % 5 == 4 else "home"
        benefit = prepare_benefit(
            person_id=row.person_id,
            level=level,
            grading_id=None,
            care_place=place,
            first_month=first,
            last_month=None,
            monthly_fen=terms.value("ceiling", first, f"{place}/{level}"),
            acting=maker,
            as_of=as_of,
        )
        if at >= len(chosen) - 2:
            continue  # two wait for approval
        decide_benefit(benefit_id=benefit.pk, approve=True, acting=checker)
        provider = by_kind[place][at % len(by_kind[place])]
        hours = terms.value("hours", first, str(level)) or 0
        plan = propose_plan(
            benefit_id=benefit.pk,
            provider_id=provider.pk,
            first=first,
            last=None,
            amount=31 if place == "institution" else hours,
            acting=maker,
            tasks="助浴每周一次，翻身、口腔护理每次都做",
        )
        if at % 9 != 8:
            decide_plan(plan_id=plan.pk, approve=True, acting=checker)
        found.append((benefit, provider))
    return found


def _receivers(maker: Reader, year: int, lowest: int) -> list[tuple[Enrolment, int]]:
    """The insured of the county whom the list calls receivers, with their level.

    A small demo has hardly any there: then others of the insured, with levels that are invented.
    """
    here = maker.narrowed(_COUNTY)
    listed = enrolments(here, year, receiving="yes").filter(level__gte=lowest)[:_MOST]
    found = [(row, row.level or lowest) for row in listed]
    if len(found) < _LEAST:
        others = enrolments(here, year, receiving="no").order_by("person__birth_date", "id")
        wanted = others.filter(level=None, person__died_on=None)[: _LEAST - len(found)]
        found += [(row, lowest + at % (_HIGHEST - lowest + 1)) for at, row in enumerate(wanted)]
    return found


def _records(
    maker: Reader,
    register: Sequence[Provider],
    given: Sequence[tuple[Benefit, Provider]],
    month: date,
    as_of: date,
) -> None:
    """A file of each provider, with the mistakes that such files have."""
    chance = random.Random(f"{month}")  # noqa: S311 - invented records
    for provider in register:
        rows: list[list[str]] = []
        for at, (benefit, theirs) in enumerate(given):
            if theirs.pk == provider.pk:
                rows += _month_of(benefit.person, provider, month, at, chance)
        if not rows:
            continue
        rows[0][1] = rows[0][1][:-2] + "00"
        rows[-1][0] = "王五"
        take_in_insurance_records(
            provider_id=provider.pk,
            month=month,
            file_name=f"{provider.name} {month:%Y-%m}.xlsx",
            data=_book(rows),
            acting=maker,
            as_of=as_of,
        )
    if given:
        away = given[min(3, len(given) - 1)][0]
        enter_absence(
            person_id=away.person_id,
            kind="hospital",
            first=month.replace(day=10),
            last=month.replace(day=18),
            acting=maker,
            words="县医院住院（演示）",
        )


def _month_of(
    person: Person, provider: Provider, month: date, at: int, chance: random.Random
) -> list[list[str]]:
    days = [month + timedelta(days=n) for n in range(28)]
    rows = []
    for day in days:
        head = [str(person.name), str(person.id_number), day.isoformat()]
        if provider.kind == "institution":
            rows.append([*head, "机构", "", "", "", "全日护理"])
        elif day.day % 3 == at % 3:
            begin = 8 + chance.randrange(8)
            # Some stay longer than the plan allows.
            long = 150 if at % 7 == 2 else 90 + 15 * chance.randrange(4)
            until = begin * 60 + long
            task = _TASKS[chance.randrange(len(_TASKS))]
            rows.append(
                [*head, "居家", f"{begin:02}:00", f"{until // 60:02}:{until % 60:02}", "", task]
            )
    return rows


def _book(rows: Sequence[Sequence[str]]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet("服务记录")
        for place, names in enumerate(COLUMNS.values()):
            sheet.write_string(0, place, names[0])
        for line, cells in enumerate(rows, 1):
            for place, cell in enumerate(cells):
                sheet.write_string(line, place, cell)
    return target.getvalue()


def _settle(
    maker: Reader, checker: Reader, register: Sequence[Provider], last: date, as_of: date
) -> None:
    """The month before last is paid; of the last one a settlement waits, the others are drafts."""
    for provider in register:
        made = settle_provider(
            provider_id=provider.pk, month=month_before(last), acting=maker, as_of=as_of
        )
        if made is not None:
            submit_statement(statement_id=made.pk, acting=maker)
            approve_statement(
                statement_id=made.pk, fingerprint=made.fingerprint, acting=checker, as_of=as_of
            )
            mark_statement_paid(statement_id=made.pk, paid_on=as_of, acting=maker)
    for at, provider in enumerate(register):
        made = settle_provider(provider_id=provider.pk, month=last, acting=maker, as_of=as_of)
        if made is not None and at == 0:
            submit_statement(statement_id=made.pk, acting=maker)


def _gradings(maker: Reader, as_of: date, busy: set[int]) -> None:
    """Six applications, each a step further."""
    here = maker.narrowed(_COUNTY)
    rows = enrolments(here, as_of.year, receiving="no").filter(level=None)
    rows = rows.exclude(person_id__in=busy)[:6]
    graders = _graders()
    one, two = reader_of_id(graders[0].pk), reader_of_id(graders[1].pk)
    scale = ltci_sheet({}, as_of)
    for at, row in enumerate(rows):
        day = as_of - timedelta(days=12)
        grading = ask_ltci_grading(
            person_id=row.person_id,
            kind="first",
            applicant=("family", "self", "village")[at % 3],
            acting=here,
            as_of=day,
            wish="长期卧床，家里照护不过来（演示）",
        )
        if at == 0 or one is None or two is None:
            continue
        plan_grading(
            grading_id=grading.pk,
            graders=(graders[0].pk, graders[1].pk),
            planned_on=as_of + timedelta(days=2),
            acting=here,
        )
        questions = [question for part in scale.parts for question in part.questions]
        wanted = questions[:9] if at == 1 else questions
        answers = {
            question.code: question.choices[-1 if at % 2 else len(question.choices) // 2].points
            for question in wanted
        }
        save_ltci_sheet(grading_id=grading.pk, answers=answers, acting=one, as_of=day)
        if at < 3:
            continue
        sign_ltci_sheet(grading_id=grading.pk, acting=one, as_of=day)
        sign_ltci_sheet(grading_id=grading.pk, acting=two, as_of=day)
        if at >= 4:
            publish_ltci_grading(grading_id=grading.pk, acting=here, as_of=day)
        if at == 5:
            object_ltci_grading(
                grading_id=grading.pk, words="家属认为评得轻了（演示）", acting=here, as_of=as_of
            )


def _graders() -> list[Account]:
    """Two assessors of the county; opened when there are fewer."""
    acting = system_reader(name="演示")
    found = accounts_in_area(system_reader(_COUNTY)).filter(
        is_active=True, role=Role.ASSESSOR, area_code=_COUNTY
    )
    names = (("changhu1", "长护评估员 · 玉素甫"), ("changhu2", "长护评估员 · 赵静"))
    for username, name in names[: max(0, 2 - found.count())]:
        open_account(
            username=username,
            password=_PASSWORD,
            role=Role.ASSESSOR,
            area_code=_COUNTY,
            display_name=name,
            acting=acting,
            invented=True,
        )
    return list(found.order_by("pk")[:2])
