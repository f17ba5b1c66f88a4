"""Settings. Nothing needs to be set: the default is one SQLite file in ``YANGLAO_HOME``.

Environment:
    YANGLAO_HOME: folder of all state (default ``var``).
    DATABASE_URL: ``postgresql://user:password@host:port/name``; empty means SQLite.
    YANGLAO_DEMO: ``1`` shows the banner that all people are invented; so does a home that
        ``yanglao demo`` filled.
    YANGLAO_DEBUG: ``1`` for developers.
    YANGLAO_HOTLINE: telephone number on public pages (default 12345).
    YANGLAO_HOSTS: comma-separated host names that may be asked for (default: this machine).
    YANGLAO_WEBHOOKS_INSIDE: ``1`` lets webhooks go to http and to the office's own network.
    YANGLAO_ADDRESS: where people open the platform, e.g. ``https://yanglao.example.cn``. With https
        cookies never leave it, http is sent there, and browsers are told to stay (HSTS).
    YANGLAO_PROXIES: addresses or networks of reverse proxies whose X-Forwarded-For counts.
    YANGLAO_METRICS_TOKEN: lets ``/metrics`` be read from other machines by whoever sends it.
    YANGLAO_WORKERS: web processes (set by ``yanglao serve --workers``).
    YANGLAO_REQUESTS_A_MINUTE: ``account,address``; default ``600,3000``; 0 means no limit.
    YANGLAO_SECRET_KEY: else a key is made once and kept in ``YANGLAO_HOME/secret_key``.
"""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from yanglao.foundation.home import holds_demo, home, home_folder

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
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
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
DEMO = os.environ.get("YANGLAO_DEMO") == "1" or holds_demo()
KIT_FRAME = "yanglao.config.frame.frame"
KIT_READER = "yanglao.domain.accounts.public.reader_of_id"
CSRF_FAILURE_VIEW = "yanglao.web.kit.errors.csrf_failure"
#: The telephone offered on public pages; 12345 is the government service line everywhere.
HOTLINE = os.environ.get("YANGLAO_HOTLINE", "12345")
ADDRESS = os.environ.get("YANGLAO_ADDRESS", "").rstrip("/")
_ADDRESS = urlsplit(ADDRESS)
ALLOWED_HOSTS = os.environ.get("YANGLAO_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
if _ADDRESS.hostname and _ADDRESS.hostname not in ALLOWED_HOSTS:
    ALLOWED_HOSTS.append(_ADDRESS.hostname)
HTTPS = _ADDRESS.scheme == "https"
TRUSTED_PROXIES = [one for one in os.environ.get("YANGLAO_PROXIES", "").split(",") if one.strip()]
METRICS_TOKEN = os.environ.get("YANGLAO_METRICS_TOKEN", "")
WEB_WORKERS = max(1, int(os.environ.get("YANGLAO_WORKERS") or 1))


def _requests_a_minute(given: str) -> dict[str, int]:
    """Read ``account,address``: a whole office stands behind one address."""
    account, _comma, address = given.partition(",")
    return {"account": int(account), "address": int(address or 0)}


REQUESTS_A_MINUTE = _requests_a_minute(os.environ.get("YANGLAO_REQUESTS_A_MINUTE") or "600,3000")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
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
    "yanglao.domain.access",
    "yanglao.domain.rights",
    "yanglao.domain.entitlements",
    "yanglao.domain.leads",
    "yanglao.domain.linkage",
    "yanglao.domain.assessments",
    "yanglao.domain.benefits",
    "yanglao.domain.settlement",
    "yanglao.domain.health",
    "yanglao.domain.statuses",
    "yanglao.domain.ltci",
    "yanglao.web.kit",
    "yanglao.web.desks.workbench",
    "yanglao.web.desks.registry_desk",
    "yanglao.web.desks.lists_desk",
    "yanglao.web.desks.linking_desk",
    "yanglao.web.desks.policy_room",
    "yanglao.web.desks.match_desk",
    "yanglao.web.desks.leads_desk",
    "yanglao.web.desks.privacy_desk",
    "yanglao.web.desks.public_desk",
    "yanglao.web.desks.entrance",
    "yanglao.web.desks.watch",
    "yanglao.web.desks.system_desk",
    "yanglao.web.desks.interfaces_desk",
    "yanglao.web.desks.assessment_desk",
    "yanglao.web.desks.assessor_phone",
    "yanglao.web.desks.benefits_desk",
    "yanglao.web.desks.payments_desk",
    "yanglao.web.desks.insurance_desk",
    "yanglao.web.desks.drafting_desk",
    "yanglao.web.desks.status_desk",
    "yanglao.web.desks.health_desk",
    "yanglao.api",
    "yanglao.jobs",
    "yanglao.config.wiring.WiringConfig",
]

MIDDLEWARE = [
    "yanglao.api.middleware.ProblemMiddleware",
    "yanglao.config.middleware.OriginMiddleware",
    "yanglao.config.middleware.MeasureMiddleware",
    "yanglao.config.middleware.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "yanglao.config.middleware.LimitMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "yanglao.config.middleware.ReaderMiddleware",
    "yanglao.config.record.RecordMiddleware",
    "yanglao.config.middleware.OwnPagesMiddleware",
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
    {"NAME": "yanglao.domain.accounts.checks.OwnWordsValidator"},
]

SESSION_ENGINE = "yanglao.config.sessions"
# On the way in only; whoever is in has the end that accounts.SignInRules says.
SESSION_COOKIE_AGE = 3600
SESSION_COOKIE_NAME = "yanglao_session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
# Whether a machine lives is asked by http from inside.
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [ADDRESS] if HTTPS else []
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

#: Working days within which a person's request about his data is answered. 个人信息保护法 art. 50
#: says "及时" without a number; fifteen working days is the office's own promise (unverified).
RIGHTS_ANSWER_DAYS = int(os.environ.get("YANGLAO_RIGHTS_ANSWER_DAYS", "15"))

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
    "formatters": {
        "line": {
            "()": "yanglao.foundation.logs.HidingFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
