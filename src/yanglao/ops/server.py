"""Serving pages, and the worker beside them."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from types import FrameType

from yanglao.foundation.home import home
from yanglao.ops.says import CannotDo, say

#: A page that takes longer than this when the server is asked to end is cut off.
_LONGEST_END = 60


def serve_pages(*, host: str, port: int, workers: int | None, with_worker: bool) -> None:
    """Serve until stopped; a worker process runs beside and ends with the server.

    SIGHUP lets web processes be replaced one by one, without a page being refused.

    Args:
        host: Address to listen on.
        port: Port.
        workers: Web processes; by default one on SQLite (its page cache and the compiled rules
            are shared by threads), two on PostgreSQL.
        with_worker: Whether to run the job worker too; a service of its own runs it else.

    Raises:
        CannotDo: When there is no instance yet, or the port is taken.
    """
    from django.db import connection

    from yanglao.ops.instance import require_instance

    require_instance()
    on_postgres = connection.vendor == "postgresql"
    connection.close()
    count = workers or (2 if on_postgres else 1)
    _refuse_taken_port(host, port)
    _prepare_processes(count)
    # The command is this very program; nothing of it comes from outside.
    worker = (
        subprocess.Popen([sys.executable, "-m", "yanglao.ops.cli", "work"]) if with_worker else None
    )
    say(f"网页：http://{host}:{port}/    按 Ctrl+C 停止。")
    try:
        _serve(host, port, count)
    finally:
        if worker is not None:
            worker.terminate()
            worker.wait(timeout=_LONGEST_END)


def work_until_stopped() -> None:
    """Run waiting jobs until the process is asked to end; a running job is finished first."""
    from yanglao.foundation.worker import work_forever
    from yanglao.ops.instance import require_instance

    require_instance()
    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    say("后台任务开始办理。")
    work_forever(stop, parent=os.getppid())


def _prepare_processes(count: int) -> None:
    """Tell the web processes how many they are, and where they put their measures together."""
    os.environ["YANGLAO_WORKERS"] = str(count)
    if count > 1:
        folder = home() / "metrics"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def _serve(host: str, port: int, workers: int) -> None:
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    Server(
        "yanglao.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        # Threads besides processes: compiled rules are shared, and a slow page holds up no other.
        blocking_threads=4,
        respawn_failed_workers=True,
        workers_kill_timeout=_LONGEST_END,
        log_level=LogLevels.warning,
    ).serve()


def _refuse_taken_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise CannotDo(
                f"{host}:{port} 已被占用或不能监听：换一个端口，例如 --port {port + 1}。"
            ) from problem
