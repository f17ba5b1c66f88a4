"""What ``/metrics`` measures while pages are answered: counts and seconds, nothing of anybody."""

from prometheus_client import Counter, Histogram

#: ``view`` is the name of a screen (``"leads_desk:board"``), never an address with an id in it.
VIEW_SECONDS = Histogram(
    "yanglao_view_seconds",
    "Seconds until a page was answered",
    ["view", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
REFUSED = Counter(
    "yanglao_requests_refused", "Requests refused because there were too many", ["by"]
)
