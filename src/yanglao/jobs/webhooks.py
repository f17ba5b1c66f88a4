"""The round that sends webhooks: asked for when there is something to send, and not before."""

from datetime import datetime
from typing import Any

from yanglao.flows.send_webhooks import anything_to_send, send_webhooks
from yanglao.foundation.jobs import bind, defer, jobs_of_area
from yanglao.foundation.models import Job
from yanglao.foundation.progress import Progress
from yanglao.foundation.scoping import system_reader
from yanglao.foundation.worker import also_look_at


@bind("send_webhooks")
def run_send_webhooks(job: Job, report: Progress) -> dict[str, Any]:
    """Pass new events on and try what is due."""
    return send_webhooks()


def ask_when_due(now: datetime) -> list[str]:
    """Ask for a round when there is something to send and no round waits already."""
    reader = system_reader(name="推送")
    waiting = jobs_of_area(reader).filter(
        name="send_webhooks", state__in=[Job.State.WAITING, Job.State.RUNNING]
    )
    if not anything_to_send() or waiting.exists():
        return []
    defer("send_webhooks", reader)
    return ["send_webhooks"]


also_look_at(ask_when_due)
