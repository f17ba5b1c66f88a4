"""The keys of an installation: from a file or the environment, never from the database.

A key file is text, readable by its owner only, one key a line::

    # 养老 keys: keep a copy apart from backups. Without it sealed data is lost for good.
    index hmac-sm3 <64 hexadecimal letters>
    1     sm4      <32 hexadecimal letters>
    2     sm4      <32 hexadecimal letters>     # the newest seals; older ones still open

``yanglao keys rotate --index`` adds a second ``index`` line: blind indexes are then made with both,
one after the other (decision 0013), so that every line stays needed.
"""

import os
import re
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from yanglao.foundation.home import holds_demo, home

#: Name of the key file inside ``YANGLAO_HOME``.
KEY_FILE = "keys.txt"
#: Stands in the first line of the demo's key file.
DEMO_KEY_NAME = "yanglao-demo-keys"
_SM4 = re.compile(r"[0-9a-f]{32}")
_MOST_VERSIONS = 255
_HMAC = re.compile(r"[0-9a-f]{64}")


class KeyProblem(Exception):
    """Keys are missing, unreadable, or may not be used here; the text says what to do."""


@dataclass(frozen=True, slots=True)
class KeyVersion:
    """One SM4 key. ``number`` (1 to 255) is written before everything it seals."""

    number: int
    key: bytes


@dataclass(frozen=True, slots=True)
class KeyRing:
    """All keys of an installation. ``newest`` seals; any version opens what it sealed.

    Attributes:
        versions: By number.
        index_keys: Of blind indexes, in the order in which they are used.
        is_demo: Whether everybody may know them.
    """

    versions: tuple[KeyVersion, ...]
    index_keys: tuple[bytes, ...]
    is_demo: bool = False

    @property
    def newest(self) -> KeyVersion:
        """The version that seals."""
        return self.versions[-1]

    def version(self, number: int) -> KeyVersion:
        """Return a version by its number.

        Raises:
            KeyProblem: When it is not among the keys.
        """
        for one in self.versions:
            if one.number == number:
                return one
        raise KeyProblem(
            f"密钥文件里没有第 {number} 版密钥，用它加密的内容打不开。"
            "请把旧密钥放回密钥文件（见 docs/howto/keys.md）。"
        )


def key_file() -> Path:
    """Return where the keys are: ``YANGLAO_KEYS``, else ``keys.txt`` in ``YANGLAO_HOME``."""
    given = os.environ.get("YANGLAO_KEYS")
    return Path(given).expanduser().resolve() if given else home() / KEY_FILE


def make_key_file(*, demo: bool = False) -> Path:
    """Make the key file if there is none; readable by its owner only. Return where it is."""
    path = key_file()
    if path.exists() or os.environ.get("YANGLAO_KEYRING"):
        return path
    mark = f"# {DEMO_KEY_NAME}: for invented people only" if demo else "# 养老 keys"
    text = (
        f"{mark}\n# Keep a copy apart from backups: without it sealed data is lost for good.\n"
        f"index hmac-sm3 {secrets.token_hex(32)}\n1 sm4 {secrets.token_hex(16)}\n"
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def add_version() -> KeyVersion:
    """Add a key version to the key file; it seals from now on. Return it.

    Other processes learn of it within :data:`LOOK_AGAIN` seconds.

    Raises:
        KeyProblem: When keys come from the environment, or no number is left.
    """
    if os.environ.get("YANGLAO_KEYRING"):
        raise KeyProblem(
            "密钥来自环境变量 YANGLAO_KEYRING：请在那里加一行新版本，再运行 yanglao keys rotate。"
        )
    number = key_ring().newest.number + 1
    if number > _MOST_VERSIONS:
        raise KeyProblem("密钥版本已经用到 255，不能再加。")
    path = key_file()
    text = _text_of(path).rstrip("\n") + f"\n{number} sm4 {secrets.token_hex(16)}\n"
    _replace(path, text)
    forget_keys()
    return key_ring().newest


def add_index_key() -> None:
    """Add a key of blind indexes to the key file; every index must then be wrapped with it.

    Raises:
        KeyProblem: When keys come from the environment.
    """
    if os.environ.get("YANGLAO_KEYRING"):
        raise KeyProblem(
            "密钥来自环境变量 YANGLAO_KEYRING：请在那里再加一行 index，"
            "放在原来那一行后面，再运行 yanglao keys rotate --index。"
        )
    path = key_file()
    _replace(path, _text_of(path).rstrip("\n") + f"\nindex hmac-sm3 {secrets.token_hex(32)}\n")
    forget_keys()


def _replace(path: Path, text: str) -> None:
    """Write the key file anew: whole or not at all, for its owner only."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)


def key_ring() -> KeyRing:
    """Return the keys of this installation; the file is looked at again after some seconds.

    So a running server learns of a new version without being started anew.

    Raises:
        KeyProblem: No keys, an unreadable file, one that others may read, or demo keys outside
            a demo.
    """
    asked = tuple(map(os.environ.get, _SETTINGS))
    held = _held.get(asked)
    now = time.monotonic()
    if held is not None and now - held.looked_at < LOOK_AGAIN:
        return held.ring
    stamp = _stamp(asked[0])
    if held is None or held.stamp != stamp:
        held = _Held(_read(asked[0] or ""), stamp, now)
        _held.clear()
        _held[asked] = held
    held.looked_at = now
    return held.ring


def forget_keys() -> None:
    """Read the keys anew next time; after a rotation, and between tests."""
    _held.clear()


@dataclass(slots=True)
class _Held:
    """Keys as read, and when the file was last looked at."""

    ring: KeyRing
    stamp: tuple[int, ...]
    looked_at: float


#: What of the environment decides which keys count.
_SETTINGS = ("YANGLAO_KEYRING", "YANGLAO_KEYS", "YANGLAO_HOME", "YANGLAO_DEMO")
#: Seconds for which keys are taken as they were; ``keys rotate`` waits longer than that.
LOOK_AGAIN = 2.0
_held: dict[tuple[str | None, ...], _Held] = {}


def _stamp(given: str | None) -> tuple[int, ...]:
    """Return what changes when the key file does; empty when there is none or it isn't used."""
    if given:
        return ()
    try:
        told = key_file().stat()
    except OSError:
        return ()
    return (told.st_mtime_ns, told.st_ino, told.st_size, told.st_mode)


def _may_be_demo() -> bool:
    return os.environ.get("YANGLAO_DEMO") == "1" or holds_demo()


def _read(given: str) -> KeyRing:
    ring = parse_keys(given or _text_of(key_file()))
    if ring.is_demo and not _may_be_demo():
        raise KeyProblem("这是演示用的密钥，不能用来保护真实的人。请运行 yanglao keys new。")
    return ring


def _text_of(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8")
        mode = path.stat().st_mode
    except FileNotFoundError as problem:
        raise KeyProblem(
            f"没有密钥文件 {path}。新装的平台请运行 yanglao init；"
            "已有数据的平台请把原来的密钥文件放回去，或用 YANGLAO_KEYS 指明它在哪里。"
        ) from problem
    except (OSError, UnicodeDecodeError) as problem:
        raise KeyProblem(f"读不了密钥文件 {path}：{problem}") from problem
    if mode & 0o077:
        raise KeyProblem(f"别人也能读密钥文件 {path}。请运行 chmod 600 {path}。")
    return text


def parse_keys(text: str) -> KeyRing:
    """Read the text of a key file.

    Raises:
        KeyProblem: With the line, and never with a key in it.
    """
    versions: dict[int, KeyVersion] = {}
    index_keys: list[bytes] = []
    for at, line in enumerate(text.splitlines(), 1):
        words = line.split("#", 1)[0].split()
        if not words:
            continue
        match words:
            case ["index", "hmac-sm3", key] if _HMAC.fullmatch(key):
                if bytes.fromhex(key) in index_keys:
                    raise KeyProblem(f"密钥文件第 {at} 行：这一行 index 前面已经有了。")
                index_keys.append(bytes.fromhex(key))
            case [number, "sm4", key] if number.isdecimal() and _SM4.fullmatch(key):
                if not 1 <= int(number) <= _MOST_VERSIONS or int(number) in versions:
                    raise KeyProblem(f"密钥文件第 {at} 行：版本号应为 1–255，各不相同。")
                versions[int(number)] = KeyVersion(int(number), bytes.fromhex(key))
            case _:
                raise KeyProblem(f"密钥文件第 {at} 行看不懂，应为“版本 算法 密钥”。")
    if not versions or not index_keys:
        raise KeyProblem("密钥文件里要有一行 index hmac-sm3，至少一行 sm4。")
    ordered = tuple(versions[number] for number in sorted(versions))
    return KeyRing(ordered, tuple(index_keys), DEMO_KEY_NAME in text)
