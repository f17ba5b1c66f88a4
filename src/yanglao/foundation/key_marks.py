"""That the keys at hand are those of the database: a sealed mark for each version and the index.

A database beside the wrong key file would look empty (no number is found) and take the same people
in a second time. So the marks are checked before anything else is done.
"""

from yanglao.foundation.models import KeyMark
from yanglao.foundation.secrets.keys import KeyProblem, key_ring
from yanglao.foundation.secrets.sealing import SealBroken, blind_index, seal_with, unseal

_PURPOSE, _TEXT = "keys.mark", "养老"
#: In the place of a version number: the key of blind indexes.
_INDEX = 0


def has_marks() -> bool:
    """Say whether the database was ever marked."""
    return KeyMark.objects.exists()


def make_marks() -> None:
    """Mark the database with every key that has no mark yet.

    Raises:
        KeyProblem: When its marks are of other keys.
    """
    check_marks()
    KeyMark.objects.get_or_create(version=_INDEX, defaults={"mark": blind_index(_PURPOSE, _TEXT)})
    for one in key_ring().versions:
        mark = seal_with(one, _PURPOSE, _TEXT)
        KeyMark.objects.get_or_create(version=one.number, defaults={"mark": mark})


def mark_index_anew() -> None:
    """Mark the database with a new index key, in the transaction that makes indexes anew."""
    KeyMark.objects.filter(version=_INDEX).update(mark=blind_index(_PURPOSE, _TEXT))


def check_marks() -> None:
    """Refuse keys that are not those of this database; a database without marks fits any.

    Raises:
        KeyProblem: Saying which key is missing or wrong.
    """
    for one in KeyMark.objects.order_by("version"):
        if one.version == _INDEX:
            if bytes(one.mark) != blind_index(_PURPOSE, _TEXT):
                raise KeyProblem(
                    "密钥文件里的索引密钥（index）不是这个数据库用的那一把："
                    "请换回原来的密钥文件，否则一个人也查不到。"
                )
            continue
        try:
            unseal(_PURPOSE, one.mark)
        except SealBroken as problem:
            raise KeyProblem(
                f"密钥文件里的第 {one.version} 版密钥不是这个数据库用的那一把："
                "请换回原来的密钥文件。"
            ) from problem
