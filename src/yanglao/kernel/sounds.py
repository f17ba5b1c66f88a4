"""How a name sounds: one key for the many ways in which one name is written.

买买提, 麦麦提 and 买买堤 are one name written by three clerks. Each character is read (the usual
reading of Unicode's Unihan database, those of personal names preferred), and readings that stand
for one sound in other languages are one. The key is coarse on purpose: it finds who may be meant;
whether he is meant is for :mod:`yanglao.engines.linkage` to weigh. Change it together with
:data:`VERSION`: keys are stored.
"""

from functools import cache
from importlib.resources import files

from yanglao.kernel.names import fold_name

#: Of the reading table and the folding; stored keys of another version must be made again.
VERSION = 1

#: Keys are cut here; so long only what is no name.
LONGEST = 80

#: First sounds that one foreign sound is written with: 卜/甫/普, 都/提, 力/热, 江/占, 苏/逊.
_FIRST = {
    "b": "B",
    "p": "B",
    "f": "B",
    "m": "M",
    "d": "D",
    "t": "D",
    "n": "N",
    "l": "L",
    "r": "L",
    "g": "G",
    "k": "G",
    "h": "H",
    "j": "J",
    "z": "J",
    "zh": "J",
    "q": "Q",
    "c": "Q",
    "ch": "Q",
    "x": "S",
    "s": "S",
    "sh": "S",
    "y": "Y",
    "w": "W",
}


def readings(name: str) -> str:
    """Return how a name is read, syllables without tones and blanks: joined.

    Characters without a reading stand for themselves. ``readings("麦麦提·图尔荪")`` is
    ``"maimaitituersun"``.
    """
    return fold_name(name).translate(_readings())


def sound_key(name: str) -> str:
    """Return the key that spellings of one name share.

    Consonants and nasal endings only; a weak 合 or 赫 inside a name does not count. Empty only
    for an empty name.
    """
    fold = fold_name(name)
    return (_settle(fold.translate(_keys())) or fold)[:LONGEST]


def _settle(raw: str) -> str:
    """Drop the weak sound inside a name; at its beginning it is one like any other."""
    return raw[:1].replace("h", "H") + raw[1:].replace("h", "") if "h" in raw else raw


@cache
def _readings() -> dict[int, str]:
    text = files("yanglao.kernel").joinpath("data/readings.txt").read_text("utf-8")
    return {
        ord(letter): reading
        for reading, letters in (line.split() for line in text.splitlines())
        for letter in letters
    }


@cache
def _keys() -> dict[int, str]:
    classes = {reading: _class_of(reading) for reading in set(_readings().values())}
    return {letter: classes[reading] for letter, reading in _readings().items()}


def _class_of(reading: str) -> str:
    """Return the sound of one syllable: its first consonant, and whether it ends in n or ng."""
    if reading == "er":
        return "L"
    if reading == "he":
        return "h"
    first = reading[:2] if reading[:2] in _FIRST else reading[:1]
    sound = _FIRST.get(first, "A")
    return sound + ("n" if reading.endswith(("n", "ng")) and len(reading) > 1 else "")
