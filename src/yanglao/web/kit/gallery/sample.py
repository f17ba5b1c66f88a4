"""Invented rows for the gallery. Nobody here exists."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.safestring import SafeString

from yanglao.web.kit.cells import status_html
from yanglao.web.kit.charts import Chart, Series, bar_chart, line_chart, pie_chart, stacked_chart
from yanglao.web.kit.filters import Filter
from yanglao.web.kit.maps import Area, Map, Spot, point_map, shaded_map
from yanglao.web.kit.parts import Bar, Event, Fact, Stat, Status
from yanglao.web.kit.tables import Column, TableSpec

DAY = date(2026, 10, 31)

TOWNS = (
    ("喀拉喀什镇", 64, 0.81),
    ("扎瓦镇", 52, 0.74),
    ("奎牙镇", 47, 0.66),
    ("普恰克其镇", 39, 0.38),
    ("吐外特乡", 31, 0.71),
    ("英也尔乡", 28, 0.55),
)

_NAMES = (
    "买买提·吐尔逊",
    "帕提古丽·艾力",
    "王秀英",
    "阿卜杜拉·肉孜",
    "努尔曼古丽·卡德尔",
    "李建国",
)
_STATES = (
    Status("应享未享", "accent"),
    Status("可能", "warning"),
    Status("在享", "success"),
    Status("不符合", "neutral"),
    Status("退回", "error"),
    Status("处理中", "info"),
)
_REASONS = (
    "10 月 12 日满 80 周岁，不在 10 月发放名单",
    "低保对象，缺能力评估",
    "独居，村摸排 2026-09",
    "能力 2 级，需达到 3 级",
)


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person with an invented lead."""

    pk: int
    name: str
    sex: str
    born: date
    id_number: str
    town: str
    state: Status
    reason: str
    source: str
    due_on: date
    fen: int | None

    @property
    def late(self) -> SafeString | str:
        """Due date as drawn in the table."""
        if self.due_on < DAY:
            return status_html(Status(f"过期 {(DAY - self.due_on).days} 天", "accent"))
        return f"还有 {(self.due_on - DAY).days} 天"


def people(count: int = 137) -> list[Person]:
    """Return invented people."""
    return [
        Person(
            pk=number,
            name=_NAMES[number % 6],
            sex="MFFMFM"[number % 6],
            born=date(1946, 10, 12) + timedelta(days=number * 97),
            id_number=f"653222{1946 + number % 12}1012{number:04d}",
            town=TOWNS[number % 6][0],
            state=_STATES[number % 6],
            reason=_REASONS[number % 4],
            source=f"公安户籍 2026-10，第 {1204 + number:,} 行 · 条款 6",
            due_on=DAY + timedelta(days=number % 40 - 3),
            fen=None if number % 7 == 0 else 11_000 + number * 50,
        )
        for number in range(count)
    ]


PEOPLE = TableSpec(
    key="gallery",
    caption="样例：要联系的人",
    columns=(
        Column("name", "姓名", sort="name"),
        Column("sex", "性别", kind="sex", hidden=True),
        Column("born", "出生日期", kind="date", sort="born"),
        Column("id_number", "身份证号", kind="id", hidden=True),
        Column("town", "乡镇", sort="town"),
        Column("state", "状态", kind="status"),
        Column("reason", "依据", wide=True, note=lambda person: person.source),
        Column("late", "到期", kind="html", sort="due_on", excel=lambda person: person.due_on),
        Column("fen", "金额", kind="money", sort="fen"),
        Column("pk", "档案号", kind="num", hidden=True),
    ),
    default_sort="due_on",
    page_size=8,
    row_key=lambda person: person.pk,
    row_url=lambda person: f"?person={person.pk}",
)

FILTERS = (
    Filter("town", "乡镇", choices=[(town, town) for town, _leads, _share in TOWNS]),
    Filter("q", "姓名", kind="text", hint="姓名里的几个字"),
    Filter("since", "到期不早于", kind="date"),
    Filter("late", "只看已过期", kind="check"),
)

STATS = (
    Stat("该享未享", 327, "本月新增 41", "#", unit="人"),
    Stat("只差一项信息", 1206, "多数缺能力评估", "#", unit="人"),
    Stat("三天内到期", 58, "9 条已过期", "#", "accent", unit="条"),
    Stat("退回名单", 2, "143 行待改", "#", unit="份"),
)

FACTS = (
    Fact("社会救助", "低保", "民政 2026-10，第 88 行", "自 2021-03"),
    Fact("养老保险", "城乡居民", "人社 2026-10", "正常"),
    Fact("赡养人", "有", "村摸排 2026-09"),
    Fact("残疾等级", None, "缺：残联名单（10 月未到）"),
)

EVENTS = (
    Event(DAY, "该享未享：高龄津贴", "满 80 周岁，不在发放名单", "第 23 次比对", "accent"),
    Event(date(2026, 10, 18), "村里探访", "身体尚可，独居", "阔纳巴扎村", "success"),
    Event(date(2026, 9, 2), "摸排为独居", "", "村摸排 2026-09，第 41 行", "info"),
    Event(date(2021, 3, 1), "纳入低保", "", "民政 2026-10，第 88 行"),
)

BARS = [
    (town, leads, Bar(share, 1, "accent" if share < 0.5 else "primary"))
    for town, leads, share in TOWNS
]


def _long_names() -> Chart:
    """A chart whose names do not fit beside one another on a telephone."""
    return stacked_chart(
        "重度残疾人护理补贴最多",
        "各项待遇发放多少",
        ["重度残疾人护理补贴", "困难残疾人生活补贴", "高龄津贴"],
        [Series("上月", (770, 330, 210)), Series("本月", (660, 110, 240))],
        label_title="待遇",
        unit="元",
        kind="column",
    )


def charts() -> list[Chart]:
    """Return one chart of each kind."""
    months = ("5 月", "6 月", "7 月", "8 月", "9 月", "10 月")
    return [
        bar_chart(
            "喀拉喀什镇线索最多，占四分之一",
            "各乡镇未办结线索",
            [(town, leads) for town, leads, _share in TOWNS],
            label_title="乡镇",
            value_title="线索",
            unit="条",
            urls=[f"?town={town}" for town, _leads, _share in TOWNS],
        ),
        line_chart(
            "送达率半年升了 30 个百分点，离目标还差 19",
            "每月送达率",
            months,
            [Series("送达率", (41, 48, None, 60, 66, 71))],
            label_title="月份",
            unit="%",
            target=90,
        ),
        stacked_chart(
            "扎瓦镇“缺信息”的人最多",
            "各乡镇的结果",
            [town for town, _leads, _share in TOWNS[:4]],
            [
                Series("该享未享", (34, 20, 25, 21)),
                Series("只差信息", (18, 26, 14, 9)),
                Series("在享", (12, 6, 8, 9)),
            ],
            label_title="乡镇",
            unit="人",
        ),
        pie_chart(
            "八成缺口是能力评估和残疾等级",
            "“可能”的人缺什么",
            [("能力评估", 612), ("残疾等级", 340), ("赡养人", 131), ("居住状况", 88), ("户籍", 35)],
            label_title="缺的信息",
            value_title="人数",
            unit="人",
        ),
        bar_chart(
            "十月新增线索最多",
            "每月新增线索",
            list(zip(months, (120, 98, 143, 110, 160, 327), strict=True)),
            label_title="月份",
            value_title="线索",
            unit="条",
            kind="column",
        ),
        _long_names(),
    ]


def maps() -> list[Map]:
    """Return a shaded map, a map of seats, and a map of points."""
    squares = []
    for place, (town, leads, _share) in enumerate(TOWNS):
        west, south = 79.6 + (place % 3) * 0.15, 37.0 + (place // 3) * 0.12
        ring = [
            [west, south],
            [west + 0.15, south + 0.01],
            [west + 0.15, south + 0.12],
            [west, south + 0.12],
            [west, south],
        ]
        shape = {"type": "Polygon", "coordinates": [ring]}
        value = None if place == 4 else leads
        squares.append(Area(str(place), town, value, shape=shape, url=f"?town={town}"))
    seats = [
        Area(area.code, area.name, area.value, seat=(79.65 + n % 3 * 0.16, 37.05 + n // 3 * 0.1))
        for n, area in enumerate(squares)
    ]
    spots = [
        Spot(79.6 + (n * 37 % 100) / 200, 37.0 + (n * 53 % 100) / 300, f"样例老人 {n}", "独居")
        for n in range(160)
    ]
    return [
        shaded_map("喀拉喀什镇最多，64 条", "各乡镇线索", squares, value_title="线索", unit="条"),
        shaded_map("没有边界的地方画成圆", "各乡镇线索", seats, value_title="线索", unit="条"),
        point_map("独居老人集中在东边", "160 位独居老人的住处", spots),
    ]
