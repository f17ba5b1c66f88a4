"""Scoring of assessments: answers in, sums, level and reasons out. Pure; every number is data.

``ability`` scores GB/T 42195, ``ltc`` the long-term care grading, both by a scale that ``scales``
reads from ``policies/…/assessment/*.yaml``. ``sheets`` scores a whole file by the same functions.
``crosswalk`` says what a result of another kind lets us infer, ``validity`` how long a result
holds, ``quality`` which assessors a supervisor should look at.
"""
