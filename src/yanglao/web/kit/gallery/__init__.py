"""Every page part on one page, with invented data. Open while developing (``/kit/gallery/``)."""
