"""Screens: ``kit`` holds page parts without a subject, ``desks`` the screens of each desk."""
