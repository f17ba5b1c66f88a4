"""The page parts as template tags, grouped; registered together by ``templatetags/kit.py``."""
