"""The eleven kinds of lists: who sends them, which columns they have, which of these must be there.

The canonical column names are those of the specification of lists; a file with other names goes
through `headers`.
"""

from dataclasses import dataclass
from typing import Literal

from yanglao.engines.intake import choices as words
from yanglao.engines.intake.choices import Choice

ColumnKind = Literal[
    "id",
    "card",
    "name",
    "text",
    "date",
    "month",
    "code",
    "bool",
    "enum",
    "int",
    "money",
    "phone",
    "coord",
]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list.

    Attributes: name: Canonical header, in Chinese. field: Name of the value in a row reading. kind:
    How its cells are read (see `cells`). required: The column must be there and every row must have
    a value in it. choices: The values it may have, for "enum" and "bool". evidence: Any list may
    carry it; it only helps to link the row to a person. strict: A value that cannot be read returns
    the row; else the row goes in with a warning and without it. default: What a blank cell, or a
    column that is not there, means; None: not known. open_words: Words that mean "no end" in a date
    column, read as blank. max_length: Longest text that is kept; what is longer is cut, with a
    warning. low, high: Range of a number ("coord").
    """

    name: str
    field: str
    kind: ColumnKind
    required: bool = False
    choices: tuple[Choice, ...] = ()
    evidence: bool = False
    strict: bool = True
    default: str | None = None
    open_words: tuple[str, ...] = ()
    max_length: int = 200
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True, slots=True)
class ListKind:
    """A kind of list.

    Attributes: code: household, pension … label: What people call it, in Chinese. sender: The
    department that sends it. columns: Its own columns, in the order of the template. date_column:
    Field of the date by which the later of two rows of one person wins; None: the later row.
    has_absence: Whether a person missing from a full list is known not to have the fact.
    dates_facts: Whether the facts of a row hold from that date (else from the month of the list).
    title_words: Words in a title or sheet name that point to this kind, when columns alone do not
    decide.
    """

    code: str
    label: str
    sender: str
    columns: tuple[Column, ...]
    date_column: str | None
    has_absence: bool
    dates_facts: bool = False
    title_words: tuple[str, ...] = ()

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """Its own columns and then the evidence columns that it does not have itself."""
        own = {column.name for column in self.columns}
        evidence = (EVIDENCE_ID, *EVIDENCE) if self.code == "disability" else EVIDENCE
        return self.columns + tuple(column for column in evidence if column.name not in own)

    @property
    def required(self) -> tuple[Column, ...]:
        """The columns without which a sheet is not of this kind."""
        return tuple(column for column in self.columns if column.required)

    def column(self, name: str) -> Column | None:
        """The column with this canonical name, evidence columns included."""
        return next((column for column in self.all_columns if column.name == name), None)


NAME = Column("姓名", "name", "name", required=True, max_length=80)
ID = Column("公民身份号码", "id_number", "id", required=True)
OPTIONAL_NAME = Column("姓名", "name", "name", max_length=80)
OPTIONAL_ID = Column("公民身份号码", "id_number", "id")

_SEX = Column("性别", "sex", "enum", choices=words.SEX, strict=False)
_BIRTH = Column("出生日期", "birth_date", "date", strict=False)
_HOUSEHOLD_ID = Column("户号", "household_id", "text", max_length=40)
_PHONE = Column("联系电话", "phone", "phone", strict=False, max_length=40)

EVIDENCE_ID = Column("公民身份号码", "id_number", "id", evidence=True, strict=False)
EVIDENCE = (
    Column("性别", "sex", "enum", choices=words.SEX, evidence=True, strict=False),
    Column("出生日期", "birth_date", "date", evidence=True, strict=False),
    Column("联系电话", "phone", "phone", evidence=True, strict=False, max_length=40),
    Column("户号", "household_id", "text", evidence=True, strict=False, max_length=40),
    Column("常住地区划代码", "residence_code", "code", evidence=True, strict=False),
)

HOUSEHOLD = ListKind(
    "household",
    "户籍人口名单",
    "公安",
    (
        NAME,
        ID,
        _SEX,
        _BIRTH,
        Column("民族", "ethnicity", "text", max_length=20),
        # The statistical words are brought to one form; other words are kept as they are.
        Column("婚姻状况", "marital", "text", choices=words.MARITAL, max_length=20),
        _HOUSEHOLD_ID,
        Column("与户主关系", "relation", "text", max_length=20),
        Column("户籍地区划代码", "hukou_code", "code", required=True),
        Column("户籍地址", "address", "text"),
        Column("人员状态", "status", "enum", choices=words.PERSON_STATUS, default="normal"),
        Column("状态日期", "status_on", "date"),
    ),
    date_column="status_on",
    has_absence=False,
    dates_facts=True,
    title_words=("户籍", "常住人口登记"),
)

PENSION = ListKind(
    "pension",
    "养老保险待遇名单",
    "人社",
    (
        NAME,
        ID,
        Column("险种", "pension_kind", "enum", required=True, choices=words.PENSION_KIND),
        Column("待遇状态", "pension_status", "enum", required=True, choices=words.PENSION_STATUS),
        Column("月待遇", "monthly_fen", "money"),
        Column("起领年月", "began_on", "month"),
    ),
    date_column="began_on",
    has_absence=True,
    title_words=("养老保险", "养老金"),
)

ASSISTANCE = ListKind(
    "assistance",
    "社会救助对象名单",
    "民政",
    (
        NAME,
        ID,
        Column("救助类别", "assistance", "enum", required=True, choices=words.ASSISTANCE),
        Column("供养方式", "support_mode", "enum", choices=words.SUPPORT_MODE),
        Column("自理能力", "tekun_care", "enum", choices=words.TEKUN_CARE),
        Column("保障起始日期", "holds_from", "date", required=True),
        Column(
            "保障终止日期",
            "holds_to",
            "date",
            open_words=("长期", "长期有效", "永久", "至今", "无期限", "不限", "在保", "未终止"),
        ),
    ),
    date_column="holds_from",
    has_absence=True,
    dates_facts=True,
    title_words=("特困", "低保", "最低生活保障", "社会救助"),
)

DISABILITY = ListKind(
    "disability",
    "持证残疾人名单",
    "残联",
    (
        NAME,
        Column("残疾人证号", "card_number", "card", required=True, max_length=24),
        Column("残疾类别", "disability_category", "enum", choices=words.DISABILITY_CATEGORY),
        Column("残疾等级", "disability_grade", "enum", choices=words.DISABILITY_GRADE),
        Column("需长期照护", "needs_long_term_care", "bool", choices=words.LONG_TERM_CARE),
        Column("发证日期", "issued_on", "date"),
        Column("证件状态", "card_status", "enum", choices=words.CARD_STATUS, default="valid"),
    ),
    date_column="issued_on",
    has_absence=True,
    dates_facts=True,
    title_words=("残疾",),
)

HEALTH = ListKind(
    "health",
    "老年人健康管理名单",
    "卫健",
    (
        NAME,
        ID,
        Column("健康管理日期", "health_checked_on", "date", required=True),
        Column("慢性病", "chronic", "text", choices=words.CHRONIC),
        Column("家庭医生", "doctor", "text", max_length=80),
        Column("确诊痴呆", "dementia", "bool", choices=words.DEMENTIA),
    ),
    date_column="health_checked_on",
    has_absence=True,
    dates_facts=True,
    title_words=("健康管理", "体检"),
)

LTCI = ListKind(
    "ltci",
    "长期护理保险名单",
    "医保",
    (
        NAME,
        ID,
        Column("参保", "ltci_insured", "bool", required=True, choices=words.LTCI_INSURED),
        Column("失能等级", "ltci_level", "int", choices=words.LTCI_LEVEL),
        Column("待遇享受", "ltci_receiving", "bool", choices=words.LTCI_RECEIVING),
        Column("评估日期", "assessed_on", "date"),
    ),
    date_column="assessed_on",
    has_absence=True,
    title_words=("长期护理", "长护险"),
)

VETERANS = ListKind(
    "veterans",
    "优抚对象名单",
    "退役军人",
    (
        NAME,
        ID,
        Column("优抚类别", "veteran_category", "text", max_length=40),
        Column(
            "享受定期抚恤补助",
            "special_contribution",
            "bool",
            required=True,
            choices=words.SPECIAL_CONTRIBUTION,
        ),
    ),
    date_column=None,
    has_absence=True,
    title_words=("优抚", "抚恤"),
)

ASSESSMENT = ListKind(
    "assessment",
    "老年人能力评估名单",
    "评估机构",
    (
        NAME,
        ID,
        Column("评估日期", "assessed_on", "date", required=True),
        Column("能力等级", "ability_level", "int", required=True, choices=words.ABILITY_LEVEL),
        Column("评估机构", "agency", "text", max_length=80),
    ),
    date_column="assessed_on",
    has_absence=False,
    dates_facts=True,
    title_words=("能力评估", "能力综合评估"),
)

SURVEY = ListKind(
    "survey",
    "老年人入户调查名单",
    "村、社区",
    (
        NAME,
        OPTIONAL_ID,
        Column("常住地区划代码", "residence_code", "code", required=True),
        Column("居住状况", "living", "enum", required=True, choices=words.LIVING),
        Column("法定赡养人", "supporter", "enum", choices=words.SUPPORTER),
        Column(
            "计划生育特殊家庭", "family_planning_special", "bool", choices=words.FAMILY_PLANNING
        ),
        _PHONE,
        Column("紧急联系人", "contact", "text", strict=False, max_length=40),
        Column("紧急联系电话", "contact_phone", "phone", strict=False, max_length=40),
        # China lies between 73 and 136 degrees east, 3 and 54 degrees north.
        Column("经度", "lng", "coord", strict=False, low=73.0, high=136.0),
        Column("纬度", "lat", "coord", strict=False, low=3.0, high=54.0),
    ),
    date_column=None,
    has_absence=False,
    title_words=("入户", "摸排", "调查", "探访"),
)

RELIEF = ListKind(
    "relief",
    "流浪乞讨救助名单",
    "民政",
    (
        OPTIONAL_NAME,
        OPTIONAL_ID,
        Column("救助日期", "relief_on", "date", required=True),
        Column("状态", "in_relief", "enum", required=True, choices=words.IN_RELIEF),
    ),
    date_column="relief_on",
    has_absence=True,
    dates_facts=True,
    title_words=("流浪", "乞讨", "救助站"),
)

DEATHS = ListKind(
    "deaths",
    "死亡人员名单",
    "公安、殡葬",
    (NAME, ID, Column("死亡日期", "died_on", "date", required=True)),
    date_column="died_on",
    has_absence=True,
    dates_facts=True,
    title_words=("死亡", "火化", "殡葬"),
)

KINDS: dict[str, ListKind] = {
    kind.code: kind
    for kind in (
        HOUSEHOLD,
        PENSION,
        ASSISTANCE,
        DISABILITY,
        HEALTH,
        LTCI,
        VETERANS,
        ASSESSMENT,
        SURVEY,
        RELIEF,
        DEATHS,
    )
}
