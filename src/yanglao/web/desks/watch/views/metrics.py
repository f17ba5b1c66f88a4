"""Numbers for a monitoring system (Prometheus text): how much, how long, nothing of anybody."""

import os
from hmac import compare_digest
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from yanglao.domain.entitlements.public import latest_run
from yanglao.foundation import clock
from yanglao.foundation.backups import newest_backup
from yanglao.foundation.jobs import jobs_of_area
from yanglao.foundation.scoping import system_reader
from yanglao.web.kit.screens import screen


@screen(None, public=True)
def metrics(request: HttpRequest) -> HttpResponse:
    """Tell the numbers to this machine itself, or to whoever sends the token."""
    if not _may_read(request):
        return HttpResponse("ask from this machine, or send the token\n", status=403)
    text = generate_latest(_views()) + generate_latest(_state())
    response = HttpResponse(text, content_type=CONTENT_TYPE_LATEST)
    response["Cache-Control"] = "no-store"
    return response


def _may_read(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and compare_digest(sent.encode(), token.encode()):
        return True
    address = getattr(request, "client_address", "")
    # Behind a proxy on this machine that we don't trust, everybody would come from here.
    forwarded = any(name in request.headers for name in ("Forwarded", "Via", "X-Real-IP"))
    return bool(address) and ip_address(address).is_loopback and not forwarded


def _views() -> CollectorRegistry:
    """Return what pages measured; of all web processes when there are several."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    together = CollectorRegistry()
    MultiProcessCollector(together)
    return together


class _State:
    """What stands in the database now."""

    def collect(self) -> list[GaugeMetricFamily]:
        """Return the gauges."""
        now, reader = clock.now(), system_reader()
        found = jobs_of_area(reader)
        jobs = GaugeMetricFamily("yanglao_jobs", "Jobs by state", labels=["state"])
        for state in ("waiting", "running", "failed"):
            jobs.add_metric([state], found.filter(state=state).count())
        oldest = found.filter(state="waiting").order_by("asked_at").first()
        age = (now - oldest.asked_at).total_seconds() if oldest else 0
        waiting = GaugeMetricFamily(
            "yanglao_oldest_waiting_job_seconds", "Age of the oldest waiting job", value=age
        )
        gauges = [jobs, waiting]
        run = latest_run(reader)
        if run is not None:
            since = (now - run.started_at).total_seconds()
            gauges.append(
                GaugeMetricFamily("yanglao_last_match_age_seconds", "Age of the last match", since)
            )
        backup = newest_backup()
        if backup is not None:
            since = (clock.machine_now() - backup[1]).total_seconds()
            gauges.append(
                GaugeMetricFamily("yanglao_last_backup_age_seconds", "Age of the backup", since)
            )
        return gauges


def _state() -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(_State())
    return registry
