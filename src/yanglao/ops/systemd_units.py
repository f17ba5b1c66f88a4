"""``yanglao service``: systemd units for the pages, the worker, and the daily backup."""

import getpass
import os
import subprocess
import sys
from pathlib import Path

from yanglao.foundation.duck import ENV_SPILL
from yanglao.foundation.home import home
from yanglao.ops.says import CannotDo, say

FOLDER = Path("/etc/systemd/system")
#: One file of settings for all units; readable by root only, for it may hold a password.
SETTINGS = Path("/etc/yanglao.env")

#: What none of the units needs of the machine is taken away.
_HARDENED = """\
NoNewPrivileges=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectSystem=strict
ProtectHome=read-only
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictSUIDSGID=yes
RestrictRealtime=yes
RestrictNamespaces=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
LockPersonality=yes
SystemCallArchitectures=native
CapabilityBoundingSet=
UMask=0077"""


def units(*, user: str, host: str, port: int) -> dict[str, str]:
    """Return the text of each unit by its file name.

    Args:
        user: Who runs it; must own the home folder.
        host: Address the pages listen on: this machine, with a gateway for https in front.
        port: Port.
    """
    program = Path(sys.executable).parent / "yanglao"
    state = home()
    backups = Path(os.environ.get("YANGLAO_BACKUPS") or state / "backups")
    spilled = os.environ.get(ENV_SPILL)
    common = (
        f"User={user}\nEnvironment=YANGLAO_HOME={state}\nEnvironmentFile=-{SETTINGS}\n"
        f"WorkingDirectory={state}\nReadWritePaths={state}"
        + (f" {backups}" if not backups.is_relative_to(state) else "")
        # With "-" a folder that is not there (yet) keeps nothing from starting; the doctor tells.
        + (f" -{spilled}" if spilled and not Path(spilled).is_relative_to(state) else "")
        + f"\n{_HARDENED}\n"
    )
    after = "After=network.target postgresql.service"
    return {
        "yanglao-web.service": (
            f"[Unit]\nDescription=养老 yanglao: pages\n{after}\n\n[Service]\n"
            f"ExecStart={program} serve --no-worker --host {host} --port {port}\n"
            "ExecReload=/bin/kill -HUP $MAINPID\nKillMode=mixed\nTimeoutStopSec=90\n"
            f"Restart=always\nRestartSec=3\n{common}\n[Install]\nWantedBy=multi-user.target\n"
        ),
        "yanglao-worker.service": (
            f"[Unit]\nDescription=养老 yanglao: worker\n{after}\n\n[Service]\n"
            f"ExecStart={program} work\n"
            # A list that is going in is finished first; nothing is half-written if it is not.
            f"TimeoutStopSec=600\nRestart=always\nRestartSec=3\n{common}\n"
            "[Install]\nWantedBy=multi-user.target\n"
        ),
        "yanglao-backup.service": (
            f"[Unit]\nDescription=养老 yanglao: backup\n{after}\n\n[Service]\nType=oneshot\n"
            f"ExecStart={program} backup --verify --keep 14\nNice=10\n{common}"
        ),
        "yanglao-backup.timer": (
            "[Unit]\nDescription=养老 yanglao: backup every night\n\n[Timer]\n"
            "OnCalendar=*-*-* 01:30 Asia/Shanghai\nPersistent=yes\n\n"
            "[Install]\nWantedBy=timers.target\n"
        ),
    }


def show_units(*, user: str | None, host: str, port: int) -> None:
    """Print every unit."""
    for name, text in units(user=user or getpass.getuser(), host=host, port=port).items():
        say(f"# {FOLDER / name}\n{text}")


def install_units(*, user: str | None, host: str, port: int) -> None:
    """Write the units and start them.

    Raises:
        CannotDo: Without systemd, or without the right to write there.
    """
    if user is None:
        raise CannotDo("请写明由哪个用户运行，例如 --user yanglao（不要用 root）。")
    if user == "root":
        raise CannotDo("不要用 root 运行：先 useradd --system yanglao，再 --user yanglao。")
    if not Path("/run/systemd/system").is_dir():
        raise CannotDo("这台机器没有 systemd；用 yanglao service show 看内容，自己安排。")
    texts = units(user=user, host=host, port=port)
    try:
        for name, text in texts.items():
            (FOLDER / name).write_text(text, encoding="utf-8")
    except PermissionError as problem:
        raise CannotDo(f"不能写 {FOLDER}：请用 sudo 运行。") from problem
    started = ["yanglao-web.service", "yanglao-worker.service", "yanglao-backup.timer"]
    for words in (["daemon-reload"], ["enable", "--now", *started]):
        done = subprocess.run(  # noqa: S603
            ["systemctl", *words],  # noqa: S607
            check=False,
        )
        if done.returncode:
            raise CannotDo("systemctl 没有成功，原因见上面。")
    say(f"已安装并启动：{'、'.join(started)}。设置写在 {SETTINGS}，改了以后：")
    say("  systemctl reload yanglao-web && systemctl restart yanglao-worker")
