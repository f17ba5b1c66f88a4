"""Health: say here in three sentences what the subject is, and in which words.

This module only re-exports; what is not in ``__all__`` belongs to the app alone.
"""

__all__: list[str] = []
