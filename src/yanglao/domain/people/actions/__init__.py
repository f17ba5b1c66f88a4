"""Writes: files of people, statements of lists, coverage, contacts, facts entered by hand."""

from yanglao.domain.people.actions.by_hand import enter_fact
from yanglao.domain.people.actions.coverage import declare_coverage, record_mentions
from yanglao.domain.people.actions.files import create_people, record_contacts, refresh_people
from yanglao.domain.people.actions.forgetting import forget_contacts
from yanglao.domain.people.actions.merging import merge_files, undo_merge
from yanglao.domain.people.actions.setting_aside import count_again, set_aside
from yanglao.domain.people.actions.statements import take_statements
from yanglao.domain.people.actions.taking_back import restore_statements

__all__ = [
    "count_again",
    "create_people",
    "declare_coverage",
    "enter_fact",
    "forget_contacts",
    "merge_files",
    "record_contacts",
    "record_mentions",
    "refresh_people",
    "restore_statements",
    "set_aside",
    "take_statements",
    "undo_merge",
]
