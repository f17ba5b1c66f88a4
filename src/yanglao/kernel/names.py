"""Personal names: compared folded, shown tidied.

In Xinjiang one name is written with many dots and spacings.
Different transliterations (买买提, 麦麦提) are different here; bringing them together is the
linkage engine's business.
"""

import re
import unicodedata
from collections.abc import Callable

from yanglao.kernel.characters import INVISIBLE, half_width

SEPARATOR = "·"
# Everything that stands for the dot between the parts of a name, before and after NFKC.
DOTS = "·•.．・･‧∙●⋅⸱․﹒。｡˙°∘○◦゜ㆍ᛫ꞏ·\u119e"

_DOTS = f"[{re.escape(DOTS)}]"
_NOT_PART_OF_NAME = re.compile(f"[{re.escape(DOTS)}\\s{INVISIBLE}]+")
_PLAIN_HAN = re.compile("[\u4e00-\u9fff]*")
_TIDY_HAN = re.compile(f"[\u4e00-\u9fff]+(?:{SEPARATOR}[\u4e00-\u9fff]+)*")
_SPACED_DOT = re.compile(f"[\\s{INVISIBLE}]*(?:{_DOTS}[\\s{INVISIBLE}]*)+")
_SPACES = re.compile(f"[\\s{INVISIBLE}]+")
# A space stays only between two letters of an alphabet: "John Smith", not "张 三".
_STRAY_SPACE = re.compile("(?<![A-Za-zÀ-ɏЀ-ӿ\u0600-\u06ff]) | (?![A-Za-zÀ-ɏЀ-ӿ\u0600-\u06ff])")


def fold_name(name: str) -> str:
    """The name as it is compared: half-width, without dots, blanks or case.

    Folding twice changes nothing.
    """
    bare = _NOT_PART_OF_NAME.sub("", name)
    return bare if _PLAIN_HAN.fullmatch(bare) else _settled(_fold_once, bare)


def tidy_name(name: str) -> str:
    """The name as it is shown.

    One "·" between its parts, no stray blanks, half-width letters, case kept.
    """
    if _TIDY_HAN.fullmatch(name):
        return name
    return _settled(_tidy_once, name)


def mask_name(name: str) -> str:
    """The name for showing to those who need not know it.

    The first character stays, dots stay, the rest is "*".
    """
    shown = tidy_name(name)
    return shown[:1] + "".join(letter if letter == SEPARATOR else "*" for letter in shown[1:])


def _fold_once(name: str) -> str:
    bare = unicodedata.normalize("NFKC", _NOT_PART_OF_NAME.sub("", name))
    return _NOT_PART_OF_NAME.sub("", unicodedata.normalize("NFKC", bare.casefold()))


def _tidy_once(name: str) -> str:
    # Dots before NFKC as well: it makes a blank and an accent of "˙".
    dotted = _SPACED_DOT.sub(SEPARATOR, half_width(_SPACED_DOT.sub(SEPARATOR, name)))
    return _STRAY_SPACE.sub("", _SPACES.sub(" ", dotted)).strip(SEPARATOR + " ")


def _settled(step: Callable[[str], str], name: str) -> str:
    """Repeat until nothing changes: taking a dot out may bring a letter and its accent together."""
    before, after = name, step(name)
    while after != before:
        before, after = after, step(after)
    return after
