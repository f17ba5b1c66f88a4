"""The ``yanglao`` command line and what it runs."""
