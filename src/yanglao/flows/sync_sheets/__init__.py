"""The assessor's phone: what it takes along for the day, and what it brings back.

Nothing here decides anything: edits, signatures, photos and handing in are acts of
``assessments``, each safe to repeat, so that a phone which never got its answer sends again.
"""

from yanglao.flows.sync_sheets.acts import take_act
from yanglao.flows.sync_sheets.contact import Contact, open_contact
from yanglao.flows.sync_sheets.edits import take_edits
from yanglao.flows.sync_sheets.reading import CannotRead
from yanglao.flows.sync_sheets.work import work_for

__all__ = ["CannotRead", "Contact", "open_contact", "take_act", "take_edits", "work_for"]
