"""The square code (QR) that a telephone scans, drawn into the page: no picture is fetched."""

import io

import segno
from django.utils.safestring import SafeString, mark_safe


def square_code(text: str) -> SafeString:
    """Return the code of a text as SVG."""
    out = io.BytesIO()
    segno.make(text, error="m").save(
        out, kind="svg", xmldecl=False, scale=5, border=4, dark="#000", light="#fff", omitsize=True
    )
    # Made here out of squares; nothing of the text stands in it.
    return mark_safe(out.getvalue().decode())  # noqa: S308
