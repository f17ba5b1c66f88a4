"""Serving pages, and the worker beside them."""

import os
import signal
import socket
import subprocess
import sys
import threading
from types import FrameType

from yanglao.ops.says import CannotDo, say


def serve_pages(*, host: str, port: int) -> None:
    """Serve until stopped; a worker process runs beside and ends with the server.

    Raises:
        CannotDo: When there is no instance yet, or the port is taken.
    """
    from yanglao.ops.instance import require_instance

    require_instance()
    _refuse_taken_port(host, port)
    # The command is this very program; nothing of it comes from outside.
    worker = subprocess.Popen([sys.executable, "-m", "yanglao.ops.cli", "work"])
    say(f"网页：http://{host}:{port}/    按 Ctrl+C 停止。")
    try:
        _serve(host, port)
    finally:
        worker.terminate()
        worker.wait(timeout=60)


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
    work_forever(stop, parent=os.getppid())


def _serve(host: str, port: int) -> None:
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    Server(
        "yanglao.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        # Threads, not processes: SQLite's page cache and the compiled rules are shared.
        blocking_threads=4,
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
