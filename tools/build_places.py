"""Build bingtuan_tree.csv: the Bingtuan's own tree of division, regiment and company.

The area codes of the National Bureau of Statistics know a 师 only as a city and lose the
regiments under their host counties. Officers of the Bingtuan work in another tree (师-团-连). This
script writes that tree from three committed tables, so that every node of it names the area code
it stands on.

Run from the repository root after changing one of the tables:

    python tools/build_places.py
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).resolve().parent.parent / "src/yanglao/domain/places/data"
CORPS = ("XJ", "新疆生产建设兵团")
DIVISIONS = {  # number: (name, area code of the city it is one with, or "")
    1: ("第一师阿拉尔市", "659002000000"),
    2: ("第二师铁门关市", "659006000000"),
    3: ("第三师图木舒克市", "659003000000"),
    4: ("第四师可克达拉市", "659008000000"),
    5: ("第五师双河市", "659007000000"),
    6: ("第六师五家渠市", "659004000000"),
    7: ("第七师胡杨河市", "659010000000"),
    8: ("第八师石河子市", "659001000000"),
    9: ("第九师白杨市", "659012000000"),
    10: ("第十师北屯市", "659005000000"),
    11: ("第十一师（建筑工程师）", ""),
    12: ("第十二师", ""),
    13: ("第十三师新星市", "659011000000"),
    14: ("第十四师昆玉市", "659009000000"),
}
DIGITS = "零一二三四五六七八九"
OWNER_PREFIX = re.compile(r"^(新疆)?(兵团)?(农?第?[一二三四五六七八九十]+师)?")


class Node(NamedTuple):
    """One row of the tree; `area_code` is empty where no area code covers the node."""

    code: str
    name: str
    level: str  # corps | division | regiment | company
    parent: str
    area_code: str


def regiment_words(number: int) -> str:
    """Return the spoken number of a regiment: 29 is 二十九, 104 is 一零四."""
    if number >= 100:
        return "".join(DIGITS[int(digit)] for digit in str(number))
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else DIGITS[tens]) + "十" if tens else ""
    return head + (DIGITS[ones] if ones else "")


def regiment_code(division: int, regiment: str, town_code: str, name: str) -> str:
    """Return the stable code of a regiment, from its number or, without one, its town code."""
    stem = f"XJ-{division:02d}"
    if regiment.isdecimal():
        return f"{stem}-{int(regiment):03d}" + ("B" if "分部" in name else "")
    inside = town_code.startswith("6590")
    return f"{stem}-T{town_code[6:] if inside else town_code[2:]}"


def regiment_name(regiment: str, town_name: str) -> str:
    """Return the name officers use: 一团（金银川镇）, 一零四团, 皮山农场（昆泉镇）."""
    town = OWNER_PREFIX.sub("", town_name).removesuffix("生活区")
    if not regiment or "团" in town or regiment in town:
        return town
    words = f"{regiment_words(int(regiment))}团" if regiment.isdecimal() else regiment
    return f"{words}（{town}）"


def read(name: str) -> list[dict[str, str]]:
    """Read one committed table."""
    with (DATA / name).open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def nodes() -> Iterator[Node]:
    """Yield the whole tree, parents before children."""
    yield Node(CORPS[0], CORPS[1], "corps", "", "")
    for number, (name, area) in DIVISIONS.items():
        yield Node(f"XJ-{number:02d}", name, "division", "XJ", area)
    by_town: dict[str, str] = {}
    for row in read("bingtuan_regiments.csv"):
        number, town, name = int(row["division"]), row["town_code"], row["name"]
        code = regiment_code(number, row["regiment"], town, name)
        by_town[f"{town}000"] = code
        label = regiment_name(row["regiment"], name)
        yield Node(code, label, "regiment", f"XJ-{number:02d}", f"{town}000")
    for table in ("bingtuan.csv", "bingtuan_hosts.csv"):
        for row in read(table):
            if row["level"] == "village":
                above, area = by_town[row["parent"]], row["code"]
                yield Node(f"{above}-{area[9:]}", row["name"], "company", above, area)


def main() -> None:
    """Write bingtuan_tree.csv, refusing codes that are not unique."""
    tree = list(nodes())
    if len({node.code for node in tree}) != len(tree):
        twice = [code for code, times in Counter(node.code for node in tree).items() if times > 1]
        raise SystemExit(f"codes used twice: {twice[:10]}")
    with (DATA / "bingtuan_tree.csv").open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(Node._fields)
        writer.writerows(tree)


if __name__ == "__main__":
    main()
