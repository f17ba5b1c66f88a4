"""Invented people, and rows about them with everything that goes wrong, and the truth.

Nobody here exists. The same seed gives the same people and rows. Used to count the parameters of
the model (``count_model.py``) and, with other seeds, to measure what the engine makes of them.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from yanglao.kernel.idnumber import check_digit

_GIVEN_M = (
    "买买提",
    "吐尔逊",
    "阿不都热合曼",
    "艾合买提",
    "玉素甫",
    "肉孜",
    "托合提",
    "木沙",
    "依明",
    "卡德尔",
    "阿卜来提",
    "努尔买买提",
    "艾尔肯",
    "热合曼",
    "司马义",
    "伊布拉音",
    "尼亚孜",
    "阿布力孜",
    "库尔班",
    "吾斯曼",
    "买合木提",
    "塔依尔",
    "亚森",
    "居马",
    "哈力克",
    "赛买提",
    "阿西木",
    "克热木",
    "达吾提",
    "萨迪克",
    "图尔迪",
    "巴拉提",
    "艾买尔",
    "沙吾提",
    "乌布力",
    "祖农",
)
_GIVEN_F = (
    "古丽",
    "帕提古丽",
    "阿依古丽",
    "热孜万古丽",
    "再努尔",
    "阿米娜",
    "吐尔逊古丽",
    "海丽且",
    "布海丽且",
    "玛依努尔",
    "古丽巴哈尔",
    "茹仙古丽",
    "阿孜古丽",
    "米日古丽",
    "汗克孜",
    "尼沙汗",
    "阿瓦汗",
    "图拉汗",
    "佐热",
    "热比亚",
    "古丽仙",
    "阿提古丽",
    "艾则孜汗",
    "塔吉古丽",
    "木开热木",
    "沙代提",
    "迪丽努尔",
    "哈斯也提",
)
_SURNAMES = tuple(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
)
_HAN = tuple(
    "伟芳娜敏静秀丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉珍凤莲国建文志春梅荣德福生贵林海清新红云忠义"
)
#: Ways in which the same sounds are written by different clerks.
_VARIANTS = (
    ("买买提", "麦麦提", "买麦提", "麦买提", "买合买提"),
    ("吐尔逊", "图尔荪", "吐尔孙", "图尔逊"),
    ("阿不都", "阿卜杜", "阿布都"),
    ("热合曼", "热赫曼", "热和曼"),
    ("古丽", "古力", "姑丽"),
    ("玉素甫", "玉苏甫", "玉素普"),
    ("依明", "伊明", "依敏"),
    ("伊布拉音", "依布拉音"),
    ("托合提", "托乎提"),
    ("买合木提", "麦合木提"),
    ("努尔", "奴尔"),
    ("阿依", "阿伊"),
    ("司马义", "斯马义"),
    ("艾合买提", "艾赫买提"),
    ("阿卜来提", "阿不来提"),
)
_DOTS = ("·", "•", ".", "．", " ", "", "・")


@dataclass(frozen=True, slots=True)
class Human:
    """Somebody invented."""

    pk: int
    number: str
    name: str
    sex: str
    born: date
    village: str
    household: str
    phone: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row about somebody, without a good number, and who is meant; ``None``: in no register."""

    n: int
    name: str
    sex: str
    born: date | None
    place: str
    digits: str
    phone: str
    household: str
    truth: int | None
    slips: tuple[str, ...] = field(default_factory=tuple)


class World:
    """A register and rows about its people."""

    def __init__(self, seed: int, people: int, *, counties: int = 4) -> None:
        self.rng = Random(seed)
        self.villages = [
            f"6599{county:02d}1{town:02d}2{village:02d}"
            for county in range(21, 21 + counties)
            for town in range(12)
            for village in range(10)
        ]
        self._used: set[str] = set()
        self.people: list[Human] = []
        self.strangers: list[Human] = []
        while len(self.people) < people:
            self._family(self.people)
        del self.people[people:]
        while len(self.strangers) < max(4, people // 20):
            self._family(self.strangers)
        self._namesakes(self.people, people // 100)
        self._namesakes(self.strangers, people // 400)

    # --- people -------------------------------------------------------------------------------

    def _family(self, into: list[Human]) -> None:
        rng = self.rng
        village = rng.choice(self.villages)
        household = f"{rng.randrange(10**8):08d}"
        phone = f"199{rng.randrange(10**4):04d}0000" if rng.random() < 0.5 else ""
        uyghur = rng.random() < 0.8
        born = date(1930, 1, 1) + timedelta(days=rng.randrange(36 * 365))
        father = rng.choice(_GIVEN_M)
        roll = rng.random()
        members = 2 if roll < 0.4 else 1
        twins = roll > 0.99
        for _ in range(2 if twins else members):
            sex = rng.choice("MF")
            day = born if twins else born + timedelta(days=rng.randrange(-2000, 2000))
            ancestor = father if twins else rng.choice(_GIVEN_M)
            name = self._name(sex, uyghur, ancestor)
            into.append(self._human(name, sex, day, village, household, phone))

    def _name(self, sex: str, uyghur: bool, father: str) -> str:
        rng = self.rng
        if uyghur:
            return f"{rng.choice(_GIVEN_M if sex == 'M' else _GIVEN_F)}·{father}"
        given = rng.choice(_HAN) + (rng.choice(_HAN) if rng.random() < 0.8 else "")
        return rng.choice(_SURNAMES) + given

    def _human(
        self, name: str, sex: str, born: date, village: str, household: str, phone: str
    ) -> Human:
        while True:
            order = self.rng.randrange(500) * 2 + (1 if sex == "M" else 0)
            body = f"{village[:6]}{born:%Y%m%d}{order:03d}"
            if body not in self._used:
                break
        self._used.add(body)
        pk = len(self._used)
        number = body + check_digit(body)
        return Human(pk, number, name, sex, born, village, household, phone)

    def _namesakes(self, into: list[Human], count: int) -> None:
        """Neighbours of the same name and sex, some born on the same day."""
        for _ in range(count):
            one = self.rng.choice(self.people)
            near = self.rng.random() < 0.5
            village = one.village if near else one.village[:9] + self.rng.choice(self.villages)[9:]
            days = 0 if self.rng.random() < 0.5 else self.rng.randrange(-400, 400)
            born = one.born + timedelta(days=days)
            household = f"{self.rng.randrange(10**8):08d}"
            into.append(self._human(one.name, one.sex, born, village, household, ""))

    # --- rows ---------------------------------------------------------------------------------

    def rows(self, count: int, *, strangers: float = 0.05) -> list[Row]:
        """Return rows without a good number; some are about people of no register."""
        return [self._row(n, strangers) for n in range(count)]

    def _row(self, n: int, strangers: float) -> Row:
        rng = self.rng
        known = rng.random() >= strangers
        one = rng.choice(self.people if known else self.strangers)
        row = Row(
            n,
            one.name,
            one.sex if rng.random() < 0.7 else "",
            one.born if rng.random() < 0.6 else None,
            one.village
            if rng.random() < 0.6
            else one.village[:9]
            if rng.random() < 0.5
            else "6599",
            "",
            one.phone if rng.random() < 0.4 else "",
            one.household if rng.random() < 0.3 else "",
            one.pk if known else None,
        )
        row = self._number(row, one)
        if not row.digits and row.born is None:
            row = replace(row, born=one.born)
        return self._slips(row, one)

    def _told(self, village: str) -> str:
        """Return as much of a place as a list tells."""
        roll = self.rng.random()
        return village if roll < 0.6 else village[:9] if roll < 0.8 else "6599"

    def _number(self, row: Row, one: Human) -> Row:
        rng = self.rng
        roll = rng.random()
        if roll < 0.35:
            return replace(row, slips=(*row.slips, "no number"))
        text = one.number
        if roll < 0.75:
            at = rng.randrange(17)
            text = text[:at] + str((int(text[at]) + rng.randrange(1, 10)) % 10) + text[at + 1 :]
            what = "wrong digit"
        elif roll < 0.85:
            at = rng.choice([k for k in range(16) if text[k] != text[k + 1]])
            text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
            what = "exchanged digits"
        elif roll < 0.95:
            text = text[:17] + rng.choice([d for d in "0123456789X" if d != text[17]])
            what = "wrong check digit"
        else:
            at = rng.randrange(6, 17)
            text = text[:at] + text[at + 1 :]
            what = "digit left out"
        return replace(row, digits=text, slips=(*row.slips, what))

    def _slips(self, row: Row, one: Human) -> Row:
        rng = self.rng
        name, slips = row.name, list(row.slips)
        if "·" in name:
            name = name.replace("·", rng.choice(_DOTS))
        if rng.random() < 0.25:
            name = self._respelt(name)
            slips.append("respelt")
        if rng.random() < 0.06:
            at = rng.randrange(len(name))
            name = name[:at] + rng.choice(_HAN) + name[at + 1 :]
            slips.append("wrong character")
        if len(name) > 4 and rng.random() < 0.02:
            at = rng.randrange(1, len(name))
            name = name[:at] + name[at + 1 :]
            slips.append("character left out")
        born = row.born
        if born is not None and rng.random() < 0.02:
            if born.day <= 12:
                born = date(born.year, born.day, born.month)
                slips.append("day and month exchanged")
        elif born is not None and rng.random() < 0.03:
            born = date(born.year, born.month, (born.day + rng.choice((1, 10))) % 28 + 1)
            slips.append("wrong day")
        place = row.place
        if len(place) > 6 and rng.random() < 0.05:
            place = rng.choice(self.villages)
            slips.append("moved")
        return replace(row, name=name, born=born, place=place, slips=tuple(slips))

    def _respelt(self, name: str) -> str:
        for group in _VARIANTS:
            for one in group:
                if one in name:
                    other = self.rng.choice(group)
                    return name.replace(one, other, 1)
        return name
