"""Put together the files of one month: eleven kinds, twenty-five files, from eight departments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from yanglao.ops.demo.books import INVENTED, Book, Page
from yanglao.ops.demo.cell_forms import Habit
from yanglao.ops.demo.identity import Settlement
from yanglao.ops.demo.list_columns import COLUMNS
from yanglao.ops.demo.list_rows import Row, household, rows_of
from yanglao.ops.demo.person import Person, Population
from yanglao.ops.demo.tables import counties

REGION = "653200000000"
FOREIGN_HEALTH = {
    "居民姓名": "姓名",
    "证件号": "公民身份号码",
    "最近随访日期": "健康管理日期",
    "慢病情况": "慢性病",
    "签约医生": "家庭医生",
    "认知障碍确诊": "确诊痴呆",
}
FOREIGN_ASSESSMENT = {
    "评估对象": "姓名",
    "对象证件号": "公民身份号码",
    "完成评估时间": "评估日期",
    "评估结论": "能力等级",
    "承接单位": "评估机构",
}
FORMS_NOTE = ["填表说明", "一、本表由县（市）民政局逐月填报。", "二、公民身份号码一栏请设为文本。"]


class MonthBooks:
    """The books of a population's month."""

    def __init__(self, population: Population, places: dict[str, Settlement]) -> None:
        self.population = population
        self.places = places
        year, month = population.month.split("-")
        self.when = f"{year}年{int(month)}月"
        last = population.as_of - timedelta(days=1)
        self.last_day = f"{self.when}{last.day}日"
        self.people = population.people
        self.by_county: dict[str, list[Person]] = {code: [] for code in places}
        for person in self.people:
            self.by_county[person.county].append(person)

    def all(self) -> Iterator[Book]:
        """Yield every book of the month, the register first."""
        for number, county in enumerate(counties()):
            yield self._household(number, county.code, county.name)
        yield self._pension()
        yield self._assistance()
        yield self._disability()
        yield self._health()
        yield self._ltci()
        yield self._veterans()
        yield self._assessment()
        for number, county in enumerate(counties()):
            yield self._survey(number, county.code, county.name)
        yield self._relief()
        yield self._deaths()

    def _name(self, order: str, sender: str, what: str, ending: str) -> str:
        return f"{order}_{sender}_{what}_{self.population.month}_样例.{ending}"

    def _headers(self, kind: str, write: Callable[[str], str] = str) -> list[str]:
        return [write(column.header) for column in COLUMNS[kind]]

    def _household(self, number: int, code: str, name: str) -> Book:
        """Return a county's register: sheets by town, the smallest county as a text file."""
        place = self.places[code]
        rows = list(self._register_rows(code))
        title = f"{name}{self.when}五十五岁以上户籍人口花名册{INVENTED}"
        header = self._headers("household", lambda text: "姓 名" if text == "姓名" else text)
        text_file = code == "653227"
        habit = (
            Habit(dates="compact", sheet=False, numbers="text", lower_x=True)
            if text_file
            else _HOUSEHOLD_HABITS[number % len(_HOUSEHOLD_HABITS)]
        )
        groups = [("基本信息", 7), ("户籍信息", 4), ("人员变动", 2), ("其他", 2)]
        note = f"填报单位：{name}公安局（虚构样例）    填报日期：{self.last_day}"
        pages = [Page(name, title, header, rows, note)]
        if not text_file:
            pages = [
                Page(town, title, header, some, note, groups if number % 2 else [])
                for town, some in _by_town(rows, place)
            ]
        return Book(
            "household",
            self._name(
                f"01{chr(97 + number)}", "公安", f"户籍_{name}", "csv" if text_file else "xlsx"
            ),
            "公安",
            f"{code}000000",
            full=True,
            habit=habit,
            pages=pages,
            encoding="gb18030" if text_file else "",
        )

    def _register_rows(self, code: str) -> Iterator[Row]:
        place = self.places[code]
        for person in self.people:
            if person.moved_from.startswith(code) and person.moved_from:
                yield from household(person, place, person.moved_from)
        for person in self.by_county[code]:
            if person.in_register:
                yield from household(person, place, person.hukou_code)

    def _pension(self) -> Book:
        """Return the two schemes on two sheets."""
        rows = list(rows_of("pension", self.people))
        pages = []
        for short, word in (("职工", "职工基本养老保险"), ("城乡居民", "城乡居民基本养老保险")):
            some = [row for row in rows if row.values[3] == word]
            title = f"和田地区{self.when}{word}待遇人员名册{INVENTED}"
            pages.append(Page(short, title, self._headers("pension", _starred), some))
        name = self._name("02", "人社", "养老保险", "xlsx")
        habit = Habit(dates="iso", dot="•", numbers="number", respells=True)
        return Book("pension", name, "人社", REGION, True, habit, pages)

    def _assistance(self) -> Book:
        """Return a sheet for each category, and one that only explains."""
        rows = list(rows_of("assistance", self.people))
        pages = [Page("填表说明", "", [], plain_text=FORMS_NOTE)]
        for word in ("特困", "低保", "低保边缘", "支出型困难"):
            some = [row for row in rows if row.values[3] == word]
            title = f"和田地区{self.when}{word}人员花名册{INVENTED}"
            note = "单位：人    填报单位：和田地区民政局（虚构样例）"
            header = self._headers("assistance", _broken)
            pages.append(Page(f"{word}人员", title, header, some, note))
        name = self._name("03", "民政", "社会救助", "xlsx")
        habit = Habit(dates="zh", dot=".", codes="number", respells=True)
        return Book("assistance", name, "民政", REGION, True, habit, pages)

    def _disability(self) -> Book:
        title = f"和田地区{self.when}持证残疾人名册{INVENTED}"
        rows = list(rows_of("disability", self.people))
        page = Page("残联", title, self._headers("disability"), rows)
        name = self._name("04", "残联", "持证残疾人", "csv")
        habit = Habit(dates="slash", dot="．", sheet=False, numbers="text")
        return Book("disability", name, "残联", REGION, True, habit, [page], encoding="gb18030")

    def _health(self) -> Book:
        """Return the export of a health system with headers of its own."""
        title = f"{self.when}老年人健康管理随访导出{INVENTED}"
        page = Page("随访", title, list(FOREIGN_HEALTH), list(rows_of("health", self.people)))
        name = self._name("05", "卫健", "健康管理", "xlsx")
        habit = Habit(dates="cell", dot="·", numbers="text")
        return Book(
            "health", name, "卫健", REGION, True, habit, [page], mapping=dict(FOREIGN_HEALTH)
        )

    def _ltci(self) -> Book:
        page = Page("医保", "", self._headers("ltci"), list(rows_of("ltci", self.people)))
        name = self._name("06", "医保", "长期护理保险", "csv")
        habit = Habit(dates="iso", sheet=False, numbers="text")
        return Book("ltci", name, "医保", REGION, True, habit, [page], encoding="utf-8", bare=True)

    def _veterans(self) -> Book:
        title = f"和田地区{self.when}优抚对象名册{INVENTED}"
        header = [*self._headers("veterans"), "乡镇（街道）"]
        rows = list(rows_of("veterans", self.people))
        towns = {code: name for place in self.places.values() for code, name in place.towns.items()}
        page = Page("优抚对象", title, header, rows, town_names=towns)
        name = self._name("07", "退役军人", "优抚对象", "xlsx")
        habit = Habit(dates="dot", dot="・", numbers="text")
        return Book("veterans", name, "退役军人", REGION, True, habit, [page])

    def _assessment(self) -> Book:
        """Return the export of the assessing agencies with headers of their own."""
        title = f"老年人能力评估结果{self.when}{INVENTED}"
        rows = list(rows_of("assessment", self.people))
        page = Page("评估结果", title, list(FOREIGN_ASSESSMENT), rows)
        name = self._name("08", "评估机构", "能力评估", "xlsx")
        habit = Habit(dates="serial", dot="‧", numbers="number", respells=True)
        return Book(
            "assessment", name, "评估机构", REGION, True, habit, [page],
            mapping=dict(FOREIGN_ASSESSMENT),
        )  # fmt: skip

    def _survey(self, number: int, code: str, name: str) -> Book:
        """Return a county's survey: by town, on one sheet, or as a text file."""
        rows = list(rows_of("survey", self.by_county[code]))
        title = f"{name}{self.when}老年人居住状况摸底表{INVENTED}"
        header = self._headers("survey")
        encoding = {"653225": "utf-8-sig", "653226": "gb18030"}.get(code, "")
        pages = [Page("摸底表", title, header, rows, f"填报单位：{name}各村（社区）（虚构样例）")]
        if not encoding and number % 2 == 0:
            pages = [
                Page(town, title, header, some) for town, some in _by_town(rows, self.places[code])
            ]
        habit = Habit(
            dates="iso",
            dot="·" if number % 3 else "•",
            codes="number" if number % 2 else "text",
            numbers="text" if number % 3 == 0 else "number",
            sheet=not encoding,
        )
        ending = "csv" if encoding else "xlsx"
        return Book(
            "survey",
            self._name(f"09{chr(97 + number)}", "村社区", f"居住状况_{name}", ending),
            f"{name}各村（社区）",
            f"{code}000000",
            full=True,
            habit=habit,
            pages=pages,
            encoding=encoding,
        )

    def _relief(self) -> Book:
        title = f"和田地区{self.when}流浪乞讨人员救助登记{INVENTED}"
        rows = list(rows_of("relief", self.people))
        page = Page("救助登记", title, self._headers("relief"), rows)
        name = self._name("10", "民政", "流浪救助", "xlsx")
        return Book("relief", name, "民政", REGION, True, Habit(dates="slash"), [page])

    def _deaths(self) -> Book:
        """Return deaths told by the police and by the undertakers on two sheets."""
        rows = list(rows_of("deaths", self.people))
        pages = []
        for sheet, office in (("公安", "派出所"), ("殡葬", "殡葬服务中心")):
            some = [row for row in rows if row.values[3] == office]
            title = f"和田地区{self.when}死亡人员信息（{sheet}）{INVENTED}"
            pages.append(Page(sheet, title, self._headers("deaths"), some))
        name = self._name("11", "公安殡葬", "死亡登记", "xlsx")
        return Book("deaths", name, "公安、殡葬", REGION, True, Habit(dates="cell"), pages)


_HOUSEHOLD_HABITS = (
    Habit(dates="iso"),
    Habit(dates="compact", dot="•", lower_x=True),
    Habit(dates="slash", codes="number", dot="."),
    Habit(dates="cell", numbers="text"),
    Habit(dates="dot", dot="・"),
    Habit(dates="zh", dot="．", lower_x=True),
    Habit(dates="serial", codes="number"),
)


def _starred(text: str) -> str:
    """Mark what must be there, as many forms do."""
    return f"＊{text}" if text in ("姓名", "公民身份号码", "险种", "待遇状态") else text


def _broken(text: str) -> str:
    """Break a long header over two lines, as narrow columns do."""
    return f"{text[:4]}\n{text[4:]}" if len(text) >= 6 else text


def _by_town(rows: list[Row], place: Settlement) -> Iterator[tuple[str, list[Row]]]:
    """Yield rows by the town that the person's village belongs to; strangers come last."""
    towns: dict[str, list[Row]] = {}
    for row in rows:
        name = place.towns.get(row.person.village[:9], "迁出人员")
        towns.setdefault(name, []).append(row)
    yield from towns.items()
