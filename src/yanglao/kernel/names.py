"""Personal names: compared folded, shown tidied. In Xinjiang one name is written with many dots and spacings.

Different transliterations (买买提, 麦麦提) are different here; bringing them together is the linkage engine's business.
"""

import re
import unicodedata

from yanglao.kernel.characters import INVISIBLE, half_width

SEPARATOR = "·"
# Everything that stands for the dot between the parts of a name, before and after NFKC.
DOTS = "·•.．・･‧∙●⋅⸱․﹒。｡˙°∘○◦゜ㆍ᛫ꞏ·\u119e"

_DOTS = f"[{re.escape(DOTS)}]"
_NOT_PART_OF_NAME = re.compile(f"[{re.escape(DOTS)}\\s{INVISIBLE}]+")
_PLAIN_HAN = re.compile("[\u4e00-\u9fff]+")
_SPACED_DOT = re.compile(f"[\\s{INVISIBLE}]*(?:{_DOTS}[\\s{INVISIBLE}]*)+")
_SPACES = re.compile(f"[\\s{INVISIBLE}]+")
# A space stays only between two letters of an alphabet: "John Smith", not "张 三".
_STRAY_SPACE = re.compile("(?<![A-Za-zÀ-ɏЀ-ӿ\u0600-\u06ff]) | (?![A-Za-zÀ-ɏЀ-ӿ\u0600-\u06ff])")


def fold_name(name: str) -> str:
    """The name as it is compared: half-width, without dots, blanks or case. Folding twice changes nothing."""
    folded = name
    # Taking a dot out may bring a letter and its accent together, so go on until nothing changes.
    while not _PLAIN_HAN.fullmatch(folded):
        before = folded
        stripped = _NOT_PART_OF_NAME.sub("", folded)
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", stripped).casefold())
        folded = _NOT_PART_OF_NAME.sub("", folded)
        if folded == before:
            break
    return folded


def tidy_name(name: str) -> str:
    """The name as it is shown: one "·" between its parts, no stray blanks, half-width letters, case kept."""
    if _PLAIN_HAN.fullmatch(name):
        return name
    dotted = _SPACED_DOT.sub(SEPARATOR, name)
    dotted = _SPACED_DOT.sub(SEPARATOR, half_width(dotted))
    return _STRAY_SPACE.sub("", _SPACES.sub(" ", dotted)).strip(SEPARATOR + " ")


def mask_name(name: str) -> str:
    """The name for showing to those who need not know it: the first character stays, dots stay, the rest is "*"."""
    shown = tidy_name(name)
    return shown[:1] + "".join(letter if letter == SEPARATOR else "*" for letter in shown[1:])
