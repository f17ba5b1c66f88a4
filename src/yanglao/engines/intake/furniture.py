"""What stands among the rows of a list without being one.

Blank rows, totals, signatures, notes, repeated headers, the samples of a template.
Nothing but these is ever left out, and each of them but blank ones is told, with its text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from yanglao.engines.intake.cells import cell_text
from yanglao.engines.intake.headers import header_key
from yanglao.engines.intake.kinds import Column
from yanglao.engines.intake.recognise import Recognition
from yanglao.kernel.characters import half_width, without_blanks

#: Names of the invented people of a template begin so.
SAMPLE_MARK = "示例"

_TOTALS = re.compile(
    r"(?:本页|本表|本村|全[县市乡镇村])?(?:合计|总计|小计|共计|累计)[::]?\d*[人名户]?"
)
_FOOTERS = re.compile(
    r"(?:本页|本表|全[县市乡镇村])?(?:合计|总计|小计|共计|累计)|"
    r"制表|填表|填报|审核|复核|审批|负责人|经办|单位负责|分管|主管|报送|汇总|统计人|录入人|"
    r"联系人:|电话:|联系电话:|"
    r"(?:填表|制表|填报|报送|上报|打印|导出|统计)?(?:日期|时间):|备注|说明|填写说明|注:|注\d|附:|附件|附注|"
    r"\(?(?:盖章|公章|签字|签章)|第\d+页|共\d+[页人名户条]|以上|以下空白|此处?以下|(?:本表|此表).{0,30}$"
)
# First characters of what _FOOTERS and SAMPLE_MARK match: few names begin so.
_BEGINNINGS = "本全合总小共累制填审复负经单分主报汇统录联电打导上日时备说注附盖公签第以此示"
_SEAL = re.compile(r"\(?(?:盖章|公章|签字|签章|单位章)\)?")
_LONGEST_NAME_ALONE = 15
_FEWEST_ID_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row of the sheet that is not a row of the list.

    Its Excel row, why, and what stands there.
    """

    row_no: int
    why: str
    text: str


class Furniture:
    """Tells rows of a list from what stands among them, for one sheet.

    `suspects` finds quickly the few rows worth a look; `why_not` looks at one.
    """

    def __init__(self, recognition: Recognition) -> None:
        self._columns = {
            index: column
            for index, column in recognition.columns.items()
            if isinstance(column, Column)
        }
        self._header_keys = {
            index: header_key(recognition.headers[index].rpartition("\n")[2])
            for index in self._columns
        }
        self._odd_beginnings = _BEGINNINGS + "".join(self._header_keys.values())
        self._title = without_blanks(half_width(recognition.title))
        self._name = self._at("name")
        self._id = (
            self._at("id_number") if self._at("card_number") is None else self._at("card_number")
        )

    def _at(self, field: str) -> int | None:
        return next(
            (index for index, column in self._columns.items() if column.field == field), None
        )

    def suspects(self, rows: Sequence[Sequence[object]]) -> list[int]:
        """Positions of the rows that may be no row of the list.

        Without name or number, or with an odd name.
        """
        if self._name is None or self._id is None:
            return list(range(len(rows)))
        name, number = self._name, self._id
        odd = {text for text in {row[name] for row in rows} if self._odd_name(text)}
        return [
            index
            for index, row in enumerate(rows)
            if not row[name] or not row[number] or row[name] in odd
        ]

    def why_not(self, row: Sequence[object]) -> str | None:
        """Why a row is no row of the list, or None when it is one; "空行": nothing stands in it."""
        texts = [(index, text) for index, cell in enumerate(row) if (text := cell_text(cell))]
        if not texts:
            return "空行"
        if self._is_header(row):
            return "重复的表头"
        name, number = self._text(row, self._name), self._text(row, self._id)
        if without_blanks(name).lstrip("(（[【").startswith(SAMPLE_MARK):
            return "模板中的示例"
        return self._footer(texts, name, number)

    def _footer(self, texts: Sequence[tuple[int, str]], name: str, number: str) -> str | None:
        has_number = sum(letter.isdigit() for letter in number) >= _FEWEST_ID_DIGITS
        if has_number:
            return None
        compact = without_blanks(half_width(texts[0][1]))
        if _TOTALS.fullmatch(without_blanks(half_width(name))) or _TOTALS.fullmatch(compact):
            return "合计行"
        if name and number:
            return None
        if self._title and compact == self._title:
            return "重复的标题"
        if _FOOTERS.match(compact) or _SEAL.search(compact):
            return "表尾"
        if not any(index in self._columns for index, _ in texts):
            return "没有名单内容"
        if len(texts) == 1 and (not name or len(compact) > _LONGEST_NAME_ALONE):
            return "说明文字"
        return None

    def _is_header(self, row: Sequence[object]) -> bool:
        same = [
            index
            for index, key in self._header_keys.items()
            if key and header_key(row[index]) == key
        ]
        return len(same) >= 2

    def _odd_name(self, cell: object) -> bool:
        if not isinstance(cell, str) or not cell:
            return False
        if "\u4e00" <= cell[0] <= "\u9fff" and cell[0] not in self._odd_beginnings:
            return False
        text = without_blanks(half_width(cell))
        return (
            not text
            or text.lstrip("([【").startswith(SAMPLE_MARK)
            or bool(_FOOTERS.match(text))
            or (self._name is not None and header_key(text) == self._header_keys[self._name])
        )

    @staticmethod
    def _text(row: Sequence[object], index: int | None) -> str:
        return "" if index is None else cell_text(row[index])
