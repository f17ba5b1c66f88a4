"""The record of acts: who did what to which thing, when, from where, why, and with what result.

Only ever added to. Triggers of the database refuse changes; a chain of SM3 digests shows any that
got past them (:mod:`~yanglao.foundation.audit.chain`); a head that only the holder of the keys can
make shows a chain built anew; anchor files kept elsewhere show a chain that was cut or rebuilt by
somebody who has the keys too (:mod:`~yanglao.foundation.audit.anchors`).
"""

from yanglao.foundation.audit.anchors import Anchor, default_anchors, read_anchors, write_anchor
from yanglao.foundation.audit.chain import link_waiting
from yanglao.foundation.audit.origin import NOWHERE, Origin, came_from, origin
from yanglao.foundation.audit.reading import (
    TAKEN_OUT,
    EntryFilter,
    EntryPage,
    audit_entries,
    entries_about,
    entries_page,
    export_entries,
)
from yanglao.foundation.audit.state import ChainState, chain_state, keep_verdict
from yanglao.foundation.audit.verifying import Problem, Verdict, verify
from yanglao.foundation.audit.writing import read, record, refused

__all__ = [
    "NOWHERE",
    "TAKEN_OUT",
    "Anchor",
    "ChainState",
    "EntryFilter",
    "EntryPage",
    "Origin",
    "Problem",
    "Verdict",
    "audit_entries",
    "came_from",
    "chain_state",
    "default_anchors",
    "entries_about",
    "entries_page",
    "export_entries",
    "keep_verdict",
    "link_waiting",
    "origin",
    "read",
    "read_anchors",
    "record",
    "refused",
    "verify",
    "write_anchor",
]
