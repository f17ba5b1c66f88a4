"""``yanglao doctor``: what is wrong with an installation, and what to do about each thing."""

from yanglao.ops.doctor.examining import examine, findings

__all__ = ["examine", "findings"]
