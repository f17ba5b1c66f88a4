"""The pack for a folder: read from ``policies/``, since there is no database to ask."""

from datetime import date

from django.conf import settings

from yanglao.engines.policy.compile import Compiled, compile_pack
from yanglao.engines.policy.pack import load_pack


def open_folder_pack(pack: str, as_of: date) -> Compiled:
    """Return a pack of ``policies/`` compiled for a day.

    Raises:
        LookupError: When there is no such pack, or it is in force only later.
        yanglao.engines.policy.pack.PackErrors: When it has mistakes.
    """
    root = settings.POLICIES
    if not (root / pack / "catalogue.yaml").exists():
        raise LookupError(f"没有政策包“{pack}”：{root} 下没有这个文件夹。")
    read = load_pack(pack, root)
    if as_of < read.in_force_from:
        raise LookupError(f"{as_of} 时《{read.title}》还没有生效（{read.in_force_from} 起）。")
    return compile_pack(read, as_of)
