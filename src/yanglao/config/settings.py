"""Settings. Nothing needs to be set: the default is one SQLite file in ``YANGLAO_HOME``.

Environment:
    YANGLAO_HOME: folder of all state (default ``var``).
    DATABASE_URL: ``postgresql://user:password@host:port/name``; empty means SQLite.
    YANGLAO_DEMO: ``1`` shows the banner that all people are invented.
    YANGLAO_DEBUG: ``1`` for developers.
    YANGLAO_HOTLINE: telephone number on public pages (default 12345).
    YANGLAO_HOSTS: comma-separated host names that may be asked for (default: this machine).
    YANGLAO_WEBHOOKS_INSIDE: ``1`` lets webhooks go to http and to the office's own network.
    YANGLAO_SECRET_KEY: else a key is made once and kept in ``YANGLAO_HOME/secret_key``.
"""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from yanglao.foundation.home import home, home_folder

ROOT = Path(__file__).resolve().parents[1]
#: Policy packs lie beside ``src`` in a checkout.
POLICIES = Path(os.environ.get("YANGLAO_POLICIES") or ROOT.parents[1] / "policies")


def _secret_key() -> str:
    """Return the key of this installation; made once, readable by its owner only."""
    given = os.environ.get("YANGLAO_SECRET_KEY")
    if given:
        return given
    path = home() / "secret_key"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text(encoding="ascii")


def _database(url: str) -> dict[str, Any]:
    """Read ``DATABASE_URL``; an empty one means SQLite.

    Raises:
        ValueError: If the address is of neither database.
    """
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": home() / "yanglao.sqlite3",
            "CONN_MAX_AGE": 60,
            # A file as in production: analytic sessions open it a second time.
            "TEST": {"NAME": home() / "test.sqlite3"},
            "OPTIONS": {
                # Writers queue instead of failing: a list going in may take some seconds.
                "timeout": 60,
                "transaction_mode": "IMMEDIATE",
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
                    "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456; "
                    "PRAGMA cache_size=-65536; PRAGMA journal_size_limit=67108864;"
                ),
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(
            f"DATABASE_URL 应以 postgresql:// 开头，现在是 {parts.scheme}://；留空则使用 SQLite。"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


SECRET_KEY = _secret_key()
DEBUG = os.environ.get("YANGLAO_DEBUG") == "1"
DEMO = os.environ.get("YANGLAO_DEMO") == "1"
KIT_FRAME = "yanglao.config.frame.frame"
CSRF_FAILURE_VIEW = "yanglao.web.kit.errors.csrf_failure"
#: The telephone offered on public pages; 12345 is the government service line everywhere.
HOTLINE = os.environ.get("YANGLAO_HOTLINE", "12345")
ALLOWED_HOSTS = os.environ.get("YANGLAO_HOSTS", "127.0.0.1,localhost,[::1]").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "yanglao.foundation",
    "yanglao.domain.accounts",
    "yanglao.domain.clients",
    "yanglao.domain.places",
    "yanglao.domain.exchange",
    "yanglao.domain.catalogue",
    "yanglao.domain.people",
    "yanglao.domain.entitlements",
    "yanglao.domain.leads",
    "yanglao.web.kit",
    "yanglao.web.desks.workbench",
    "yanglao.web.desks.registry_desk",
    "yanglao.web.desks.lists_desk",
    "yanglao.web.desks.policy_room",
    "yanglao.web.desks.match_desk",
    "yanglao.web.desks.leads_desk",
    "yanglao.web.desks.public_desk",
    "yanglao.web.desks.system_desk",
    "yanglao.api",
    "yanglao.jobs",
    "yanglao.config.wiring.WiringConfig",
]

MIDDLEWARE = [
    "yanglao.api.middleware.ProblemMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "yanglao.config.middleware.ReaderMiddleware",
    "yanglao.config.middleware.ContentSecurityMiddleware",
]

ROOT_URLCONF = "yanglao.config.urls"
WSGI_APPLICATION = "yanglao.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "yanglao.web.kit.context.kit",
            ],
        },
    },
]

DATABASES = {"default": _database(os.environ.get("DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Account"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "workbench"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

SESSION_COOKIE_AGE = 8 * 3600  # one working day
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
STATIC_ROOT = home_folder("static")
# Files are served straight from the apps: no collect step between a build and the page.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 3600
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
#: Webhooks may go to http and to the office's own network; else to public https only.
WEBHOOKS_INSIDE = os.environ.get("YANGLAO_WEBHOOKS_INSIDE") == "1"
#: Largest body that the API takes: 100,000 people with all facts stay under this.
API_MAX_BYTES = 100 * 1024 * 1024
#: One list of a whole prefecture with all columns stays under this.
LIST_MAX_BYTES = 200 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
