"""What a key may do, what for, and what a hook may be told."""

from dataclasses import dataclass

from django.db import models


class Scope(models.TextChoices):
    """What a key may do. A key without the scope of an operation is refused there."""

    EVALUATE = "evaluate", "按送来的情况判断该享什么（不读档案）"
    PUSH_LISTS = "lists.push", "报送名单，看自己地区名单的结果"
    READ_PEOPLE = "people.read", "读取人员（号码、姓名遮住）"
    READ_FINDINGS = "findings.read", "读取比对结果和变化"
    READ_LEADS = "leads.read", "读取线索和办理情况"
    IDENTITY = "people.identity", "读取完整姓名和身份证号（每次要说明用途）"


#: What a scope lets its reader do in the words of ``accounts.Permission``.
SCOPE_PERMISSIONS: dict[str, frozenset[str]] = {
    Scope.EVALUATE: frozenset({"see_catalogue"}),
    Scope.PUSH_LISTS: frozenset({"take_in_lists", "see_lists"}),
    Scope.READ_PEOPLE: frozenset({"see_people"}),
    Scope.READ_FINDINGS: frozenset({"see_people", "see_runs"}),
    Scope.READ_LEADS: frozenset({"see_leads"}),
    Scope.IDENTITY: frozenset({"reveal_identity"}),
}


class Purpose(models.TextChoices):
    """What data of people is asked for; sent as the header ``Purpose`` with each request."""

    BENEFITS = "benefits", "发放津贴、补贴"
    VISITS = "visits", "走访探视、提供服务"
    CHECKING = "checking", "核对名单"
    STATISTICS = "statistics", "统计分析"


class EventKind(models.TextChoices):
    """What a hook may be told."""

    LIST_TAKEN_IN = "list_taken_in", "名单已接收"
    FINDINGS_CHANGED = "findings_changed", "比对结果有新增、失去或变化"
    LEAD_MOVED = "lead_moved", "线索办理状态变化"


class Signing(models.TextChoices):
    """How bodies are signed."""

    SHA256 = "sha256", "HMAC-SHA256"
    SM3 = "sm3", "HMAC-SM3（国密）"


class DeliveryState(models.TextChoices):
    """What became of one delivery."""

    WAITING = "waiting", "待送"
    SENT = "sent", "已送达"
    DEAD = "dead", "送不到"


#: Minutes between one try and the next; after the last one a delivery is dead.
RETRY_MINUTES = (1, 5, 15, 60, 240, 720, 1440)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made: its row, and the secret that is shown this once."""

    pk: int
    secret: str


@dataclass(frozen=True, slots=True)
class Used:
    """One request counted against the quota of a key.

    Attributes:
        allowed: Whether the request may go on.
        left: Requests left in this minute.
        wait: Seconds until the next try is worth it; 0 when allowed.
    """

    allowed: bool
    left: int
    wait: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of a request that carries an idempotency key.

    Attributes:
        pk: Row that is to be filled in when the act is done; ``None`` when there is an answer.
        outcome: What came of the same request before: ids to make the same answer from.
        conflict: ``"other_body"`` or ``"in_progress"``; empty when there is none.
    """

    pk: int | None
    outcome: dict[str, object] | None
    conflict: str
