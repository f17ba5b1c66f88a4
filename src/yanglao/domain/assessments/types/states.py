"""States of an assessment, of a result, of a dispute, and the moves between them."""

from django.db import models


class AssessmentKind(models.TextChoices):
    """Why a person is assessed (GB/T 42195, A.1)."""

    FIRST = "first", "首次评估"
    REGULAR = "regular", "常规评估"
    INSTANT = "instant", "即时评估"
    REVIEW = "review", "复评"


class AskedBy(models.TextChoices):
    """Who asked for it."""

    SELF = "self", "本人"
    FAMILY = "family", "家属"
    VILLAGE = "village", "村（社区）"
    LEAD = "lead", "服务找人线索"
    DUE = "due", "到期提醒"
    DISPUTE = "dispute", "对结果有异议"


class AssessmentState(models.TextChoices):
    """Where an assessment stands, from the application to the result."""

    ASKED = "asked", "待受理"
    ACCEPTED = "accepted", "待派人"
    PLANNED = "planned", "待上门"
    ASSESSING = "assessing", "评估中"
    FINISHED = "finished", "待出结果"
    NOTICE = "notice", "公示中"
    FINAL = "final", "已生效"
    REFUSED = "refused", "不予受理"
    WITHDRAWN = "withdrawn", "已撤回"
    STOPPED = "stopped", "已中止"


_S = AssessmentState

#: From which state to which; every act asks this table.
ALLOWED_MOVES: dict[str, tuple[str, ...]] = {
    _S.ASKED: (_S.ACCEPTED, _S.REFUSED, _S.WITHDRAWN),
    _S.ACCEPTED: (_S.PLANNED, _S.WITHDRAWN, _S.STOPPED),
    _S.PLANNED: (_S.ACCEPTED, _S.PLANNED, _S.ASSESSING, _S.WITHDRAWN, _S.STOPPED),
    _S.ASSESSING: (_S.FINISHED, _S.WITHDRAWN, _S.STOPPED),
    _S.FINISHED: (_S.NOTICE,),
    # A review takes the place of what it looks at again.
    _S.NOTICE: (_S.FINAL, _S.STOPPED),
    _S.FINAL: (),
    _S.REFUSED: (),
    _S.WITHDRAWN: (),
    _S.STOPPED: (),
}

OPEN_STATES = (_S.ASKED, _S.ACCEPTED, _S.PLANNED, _S.ASSESSING, _S.FINISHED, _S.NOTICE)
CLOSED_STATES = (_S.FINAL, _S.REFUSED, _S.WITHDRAWN, _S.STOPPED)
#: States in which assessors may write on the sheet.
SHEET_STATES = (_S.PLANNED, _S.ASSESSING)


class Background(models.TextChoices):
    """What an assessor has learnt; the first two count as medical."""

    MEDICINE = "medicine", "医疗"
    NURSING = "nursing", "护理"
    REHABILITATION = "rehabilitation", "康复"
    SOCIAL_WORK = "social_work", "社会工作"
    CARE = "care", "养老服务"
    OTHER = "other", "其他"


class EditFate(models.TextChoices):
    """What became of an edit when it arrived."""

    APPLIED = "applied", "已采用"
    SAME = "same", "与已有答案相同"
    CONFLICT = "conflict", "与另一设备不同"
    SETTLES = "settles", "核定"


class Signer(models.TextChoices):
    """Who signs a sheet."""

    ASSESSOR = "assessor", "评估员"
    INFORMANT = "informant", "信息提供者"


class ResultState(models.TextChoices):
    """Whether a result can be relied on."""

    NOTICE = "notice", "公示中"
    CONTESTED = "contested", "复评中"
    FINAL = "final", "已生效"
    REPLACED = "replaced", "已由新结果代替"
    OVERTURNED = "overturned", "复评改变"


class DisputeKind(models.TextChoices):
    """Who does not agree with what."""

    OBJECTION = "objection", "公示异议"
    REVIEW = "review", "申请复评"


class DisputeState(models.TextChoices):
    """Where a dispute stands."""

    OPEN = "open", "待处理"
    REVIEWING = "reviewing", "复评中"
    UPHELD = "upheld", "异议成立"
    DISMISSED = "dismissed", "维持原结果"


class RecognitionState(models.TextChoices):
    """What became of a result made elsewhere."""

    WAITING = "waiting", "待核对"
    ACCEPTED = "accepted", "已采信"
    REFUSED = "refused", "不采信"


class SourceKind(models.TextChoices):
    """By which standard a result elsewhere was made."""

    GBT42195 = "gbt42195", "能力评估（GB/T 42195）"
    LTC = "ltc", "长期护理失能等级"
    DISABILITY = "disability", "残疾证"


class WrongMove(ValueError):
    """A move that may not be made now; the message is for the officer, in Chinese."""
