"""That the keys at hand are those of the database: a sealed mark for each version and the index.

A database beside the wrong key file would look empty (no number is found) and take the same people
in a second time. So the marks are checked before anything else is done. The mark of blind indexes
also tells with how many of the index keys they are made: with fewer than there are, an index key
is being added, or an older backup was restored, and nobody may look for anything before
``yanglao keys rotate --index`` has come to its end.
"""

from django.db import transaction

from yanglao.foundation import audit
from yanglao.foundation.index_rotation import forget_progress, wrap_everything
from yanglao.foundation.models import IndexChange, KeyMark
from yanglao.foundation.progress import Progress, silent
from yanglao.foundation.scoping import Reader
from yanglao.foundation.secrets.keys import KeyProblem, key_ring
from yanglao.foundation.secrets.sealing import SealBroken, blind_index, seal_with, unseal

_PURPOSE, _TEXT = "keys.mark", "养老"
#: In the place of a version number: the key of blind indexes.
_INDEX = 0
_HALF_DONE = (
    "索引密钥换了一半（或恢复了换密钥以前的备份），现在查不到人："
    "请停下服务，运行 yanglao keys rotate --index，它会接着做完。"
)


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


def index_keys_used() -> int | None:
    """Return with how many index keys the indexes of the database are made; ``None``: no mark.

    Raises:
        KeyProblem: When they were made with others.
    """
    row = KeyMark.objects.filter(version=_INDEX).order_by("version").first()
    if row is None:
        return None
    keys = key_ring().index_keys
    for count in range(1, len(keys) + 1):
        if bytes(row.mark) == blind_index(_PURPOSE, _TEXT, keys=keys[:count]):
            return count
    raise KeyProblem(
        "密钥文件里的索引密钥（index）不是这个数据库用的那一把："
        "请换回原来的密钥文件，否则一个人也查不到。"
    )


def index_change_under_way() -> bool:
    """Say whether indexes have still to be made with an index key that is there."""
    used = index_keys_used()
    half = IndexChange.objects.exists()
    return half or (used is not None and used < len(key_ring().index_keys))


def use_new_index_keys(*, acting: Reader, report: Progress = silent) -> int:
    """Bring the database to the newest index key; return how many rows changed.

    The caller is alone with the installation.
    """
    done = 0
    while (used := index_keys_used() or 1) < len(key_ring().index_keys):
        done += wrap_everything(used + 1, report)
        keys = key_ring().index_keys[: used + 1]
        with transaction.atomic():
            mark = blind_index(_PURPOSE, _TEXT, keys=keys)
            KeyMark.objects.update_or_create(version=_INDEX, defaults={"mark": mark})
            forget_progress()
            audit.record(
                acting,
                "index_key_added",
                subject="keys",
                subject_id=used + 1,
                detail={"index_keys": used + 1},
            )
    return done


def check_marks() -> None:
    """Refuse keys that are not those of this database; a database without marks fits any.

    Raises:
        KeyProblem: Saying which key is missing or wrong.
    """
    if index_change_under_way():
        raise KeyProblem(_HALF_DONE)
    for one in KeyMark.objects.exclude(version=_INDEX).order_by("version"):
        try:
            unseal(_PURPOSE, one.mark)
        except SealBroken as problem:
            raise KeyProblem(
                f"密钥文件里的第 {one.version} 版密钥不是这个数据库用的那一把："
                "请换回原来的密钥文件。"
            ) from problem
