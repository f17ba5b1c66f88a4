"""Writes: verb_noun, keyword-only, one transaction, ``acting`` and a reason as arguments."""

from yanglao.domain.assessments.actions.applying import (
    accept_assessments,
    ask_assessments,
    refuse_assessment,
    stop_assessment,
    withdraw_assessment,
)
from yanglao.domain.assessments.actions.disputes import (
    dismiss_dispute,
    order_review,
    take_dispute,
)
from yanglao.domain.assessments.actions.planning import (
    plan_visits,
    take_plan_back,
)
from yanglao.domain.assessments.actions.recognising import (
    accept_recognition,
    bring_result,
    refuse_recognition,
)
from yanglao.domain.assessments.actions.registers import (
    close_assessor,
    keep_assessor,
    keep_body,
    keep_tie,
)
from yanglao.domain.assessments.actions.results import (
    make_results_final,
    publish_result,
    record_reminders,
)
from yanglao.domain.assessments.actions.sheets import (
    record_edits,
    settle_conflict,
)
from yanglao.domain.assessments.actions.signing import (
    attach_photo,
    finish_sheet,
    sign_sheet,
)

__all__ = [
    "accept_assessments",
    "accept_recognition",
    "ask_assessments",
    "attach_photo",
    "bring_result",
    "close_assessor",
    "dismiss_dispute",
    "finish_sheet",
    "keep_assessor",
    "keep_body",
    "keep_tie",
    "make_results_final",
    "order_review",
    "plan_visits",
    "publish_result",
    "record_edits",
    "record_reminders",
    "refuse_assessment",
    "refuse_recognition",
    "settle_conflict",
    "sign_sheet",
    "stop_assessment",
    "take_dispute",
    "take_plan_back",
    "withdraw_assessment",
]
