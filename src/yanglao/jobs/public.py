"""Jobs: the worker and the timetable, for the command line."""

from yanglao.jobs.schedule import TIMETABLE, ask_due
from yanglao.jobs.worker import work_forever

__all__ = ["TIMETABLE", "ask_due", "work_forever"]
