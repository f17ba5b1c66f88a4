"""Page parts without a subject: layout, tables, forms, charts, maps, Excel, elder theme.

Desk builders: read ``docs/reference/web-kit.md``. The kit may import ``foundation``, ``kernel`` and
Django, never a domain app, a flow, an engine or a desk.
"""
