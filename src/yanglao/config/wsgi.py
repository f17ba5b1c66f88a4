"""WSGI entry for granian."""

import os

from django.core.wsgi import get_wsgi_application

from yanglao.foundation.presence import be_present

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanglao.config.settings")
application = get_wsgi_application()
# After the settings are there: a web process works with the installation until it ends.
be_present()
