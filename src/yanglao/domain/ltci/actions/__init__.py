"""Writes: gradings, benefits and plans, providers and records, settlements, the fund's book."""

from yanglao.domain.ltci.actions.benefits import (
    decide_benefit,
    decide_plan,
    end_plan,
    enter_absence,
    prepare_benefit,
    prepare_plan,
    stop_benefit,
)
from yanglao.domain.ltci.actions.fund import enrol, enter_money, reverse_money
from yanglao.domain.ltci.actions.gradings import (
    ask_grading,
    close_grading,
    hold_grading,
    object_grading,
    overrule_objection,
    plan_grading,
    publish_grading,
    save_sheet,
    send_back_sheet,
    sign_sheet,
)
from yanglao.domain.ltci.actions.records import (
    save_provider,
    take_records,
    withdraw_record,
)
from yanglao.domain.ltci.actions.statements import (
    approve_statement,
    mark_statement_paid,
    send_back_statement,
    store_statement,
    submit_statement,
)

__all__ = [
    "approve_statement",
    "ask_grading",
    "close_grading",
    "decide_benefit",
    "decide_plan",
    "end_plan",
    "enrol",
    "enter_absence",
    "enter_money",
    "hold_grading",
    "mark_statement_paid",
    "object_grading",
    "overrule_objection",
    "plan_grading",
    "prepare_benefit",
    "prepare_plan",
    "publish_grading",
    "reverse_money",
    "save_provider",
    "save_sheet",
    "send_back_sheet",
    "send_back_statement",
    "sign_sheet",
    "stop_benefit",
    "store_statement",
    "submit_statement",
    "take_records",
    "withdraw_record",
]
