"""Django apps, one subject each, all of one shape."""
