"""``yanglao keys``: making keys, saying what they seal, replacing them while the program runs."""

import os
import time

from django.db import DatabaseError

from yanglao.foundation.secrets import KeyProblem, KeyRing, key_file, key_ring, make_key_file
from yanglao.foundation.secrets.keys import LOOK_AGAIN, add_index_key, add_version
from yanglao.ops.says import CannotDo, progress_bar, say


def make_keys(*, demo: bool = False) -> bool:
    """Make a key file when there is none; say whether one was made.

    Raises:
        CannotDo: When there are keys that may not be used.
    """
    there = bool(os.environ.get("YANGLAO_KEYRING")) or key_file().exists()
    if not there and not _has_marks():
        make_key_file(demo=demo)
    _keys()
    return not there


def _has_marks() -> bool:
    """Say whether the database was sealed already: new keys would look well and open nothing."""
    from yanglao.foundation.key_marks import has_marks

    try:
        return has_marks()
    except DatabaseError:
        return False  # there is no database yet


def new_keys() -> None:
    """``yanglao keys new``: make a key file where there is none."""
    if make_keys():
        say(f"密钥文件在 {key_file()}，只有本账户能读。请另外备份一份：丢了它，数据就再也打不开。")
    else:
        say(f"已经有密钥了（{key_file()}），没有改动。要换新密钥，请运行 yanglao keys rotate。")


def mark_keys() -> None:
    """Mark the database with the keys at hand.

    Raises:
        CannotDo: When it was sealed with others.
    """
    from yanglao.foundation.key_marks import make_marks

    try:
        make_marks()
    except KeyProblem as problem:
        raise CannotDo(str(problem)) from problem


def check_keys() -> None:
    """Refuse to work with keys that are not those of the database.

    Raises:
        CannotDo: Saying what to do.
    """
    from yanglao.foundation.key_marks import check_marks

    try:
        key_ring()
        check_marks()
    except KeyProblem as problem:
        raise CannotDo(str(problem)) from problem


def show_status() -> None:
    """``yanglao keys status``: which version seals how much."""
    from yanglao.foundation.secrets.rotation import count_versions

    ring = _keys()
    where = "环境变量 YANGLAO_KEYRING" if os.environ.get("YANGLAO_KEYRING") else str(key_file())
    say(f"密钥来自 {where}，共 {len(ring.versions)} 版，现在用第 {ring.newest.number} 版加密。")
    say(f"索引密钥换过 {len(ring.index_keys) - 1} 次。")
    counts = count_versions()
    for version in ring.versions:
        say(f"第 {version.number} 版：{sum(one[version.number] for one in counts.values()):,} 项")
    for name, of_name in sorted(counts.items()):
        told = "，".join(f"第 {number} 版 {of_name[number]:,}" for number in sorted(of_name))
        if told:
            say(f"  {name}：{told}")
    waiting = sum(
        count
        for one in counts.values()
        for number, count in one.items()
        if number != ring.newest.number
    )
    if waiting:
        say(f"还有 {waiting:,} 项没有换成新密钥：运行 yanglao keys rotate 继续。")
    elif len(ring.versions) > 1:
        say("旧版本已经不再加密任何内容；操作记录的校验仍要用到它们，请继续保管。")


def rotate() -> None:
    """``yanglao keys rotate``: a new version, and everything sealed with it.

    Interrupted, the next call goes on without making another version.

    Raises:
        CannotDo: When keys come from the environment and hold no new version.
    """
    from yanglao.foundation.key_marks import make_marks
    from yanglao.foundation.secrets.rotation import count_waiting, reseal

    try:
        if count_waiting() == 0:
            version = add_version()
            say(f"加了第 {version.number} 版密钥。请备份 {key_file()}。")
            # Until every running process has looked at the key file again.
            time.sleep(LOOK_AGAIN + 1)
        make_marks()
        with progress_bar("换成新密钥") as report:
            done = reseal(report)
    except KeyProblem as problem:
        raise CannotDo(str(problem)) from problem
    left = count_waiting()
    say(
        f"换好了 {done:,} 项。"
        if not left
        else f"换好了 {done:,} 项，还有 {left:,} 项，请再运行一次。"
    )


def rotate_index() -> None:
    """``yanglao keys rotate --index``: one index key more, with nothing else running.

    Interrupted, the next call goes on where it was and adds no other.

    Raises:
        CannotDo: When something runs, or keys come from the environment and hold no new one.
    """
    from yanglao.foundation.key_marks import index_change_under_way, make_marks, use_new_index_keys
    from yanglao.foundation.presence import InUse, alone
    from yanglao.foundation.scoping import system_reader

    try:
        with alone():
            _refuse_others()
            if not index_change_under_way():
                make_marks()
                add_index_key()
                say(f"加了一行索引密钥。请备份 {key_file()}。")
            with progress_bar("换成新的索引密钥") as report:
                done = use_new_index_keys(acting=system_reader(name="命令行"), report=report)
    except InUse as problem:
        raise CannotDo(
            "服务或别的命令正在运行。换索引密钥时不能有人查人、录入：请先停下服务"
            "（systemctl stop yanglao，或在运行 yanglao serve 的窗口按 Ctrl+C），换好再启动。"
        ) from problem
    except KeyProblem as problem:
        raise CannotDo(str(problem)) from problem
    say(f"换好了 {done:,} 行，现在可以启动服务。旧的那一行 index 仍要用到，请不要删。")


def _refuse_others() -> None:
    """Refuse while another program is connected to the database (PostgreSQL tells)."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return  # who uses a SQLite file is on this machine, and holds the lock
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        others = cursor.fetchone()[0]
    if others:
        raise CannotDo(f"还有 {others} 个程序连着数据库：请先停下服务和别的连接，换好再启动。")


def _keys() -> KeyRing:
    try:
        return key_ring()
    except KeyProblem as problem:
        raise CannotDo(str(problem)) from problem
