"""Django on the store at DATABASE_URL: sessions, CSRF tokens, sign-in and the admin's log, as they come."""

import os
from urllib.parse import parse_qs, urlsplit

_url = os.environ["DATABASE_URL"]
_parts = urlsplit(_url)
SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG, ALLOWED_HOSTS, USE_TZ, TIME_ZONE = False, ["127.0.0.1"], True, "UTC"
ROOT_URLCONF, WSGI_APPLICATION = "benchmarks.django_admin.urls", "benchmarks.django_admin.wsgi.app"
DEFAULT_AUTO_FIELD, STATIC_URL = "django.db.models.BigAutoField", "static/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "import_export",
    "benchmarks.django_admin.apps.Province",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
if _url.startswith("sqlite"):
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": _url.removeprefix("sqlite:///"),
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
            },
        }
    }
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": _parts.path.lstrip("/"),
            "USER": _parts.username,
            "HOST": parse_qs(_parts.query)["host"][0],
            "CONN_MAX_AGE": None,
        }
    }
