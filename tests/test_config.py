"""Nonsense in the environment is refused at the start, in one line that names the variable."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config import Config, ConfigError
from tests.house.source import ROOT

SECRET = "a secret for tests, long enough to be one"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PATUH_ENV", "prod"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "mysql://localhost/patuh"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "postgresql://localhost:abc/patuh"),
        ("PATUH_EMBED_SCHEDULER", "maybe"),
        ("PATUH_BASE_URL", "patuh.contoh.example"),
        ("PATUH_BASE_URL", "ftp://patuh.contoh.example"),
        ("PATUH_BASE_URL", "https://"),
        ("PATUH_BASE_URL", "https://patuh.contoh.example:abc"),
        ("PATUH_PROXIES", "many"),
        ("PATUH_PROXIES", "-1"),
        ("PATUH_PROXIES", "6"),
        ("PATUH_PASSWORD_COST", "free"),
        ("PATUH_SIGNING_URL", "esign.contoh.example"),
        ("PATUH_SIGNING_URL", "https://esign.contoh.example"),
        ("PATUH_SIGNING_URL", "http://patuh:x@esign.contoh.example"),
        ("PATUH_SIGNING_URL", "http://patuh:x@8.8.8.8"),
        ("MAIL_URL", "mail.contoh.example"),
        ("MAIL_URL", "https://mail.contoh.example"),
        ("MAIL_URL", "smtp://"),
        ("MAIL_URL", "smtp://mail.contoh.example:abc"),
        ("MAIL_FROM", "nobody"),
        ("MAIL_FROM", "a@contoh.example\nBcc: b@contoh.example"),
        ("MAIL_DIR", str(Path(__file__))),
        ("PATUH_SEAL_KEY", "short"),
        ("PATUH_SEAL_KEY_FILE", str(Path(__file__).parent)),
        ("PATUH_SEALS_FILE", str(Path(__file__).parent)),
    ],
)
def test_nonsense_is_refused_in_one_line_that_names_the_variable(name: str, value: str) -> None:
    with pytest.raises(ConfigError) as refused:
        Config.read({name: value})
    line = str(refused.value)
    assert line.startswith(f"Patuh: {name} ")
    assert "\n" not in line
    assert "invalid literal" not in line


def test_production_without_a_secret_is_refused() -> None:
    for secret in ("", "   ", "short"):
        with pytest.raises(
            ConfigError,
            match=r"^Patuh: SECRET_KEY: production needs a secret of at least 32 characters$",
        ):
            Config.read({"PATUH_ENV": "production", "SECRET_KEY": secret})
    assert Config.read({"PATUH_ENV": "production", "SECRET_KEY": SECRET}).SECRET_KEY == SECRET


def test_an_empty_environment_is_a_working_development_setup() -> None:
    config = Config.read({})
    assert config.PATUH_ENV == "development"
    assert config.DATABASE_URL.startswith("sqlite:////")
    assert config.PATUH_EMBED_SCHEDULER is False


def test_an_empty_variable_counts_as_not_set() -> None:
    assert Config.read(dict.fromkeys(Config().settings(), "")) == Config.read({})


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_usual_name_of_postgresql_is_understood(scheme: str) -> None:
    config = Config.read({"DATABASE_URL": f"{scheme}://patuh:rahasia@localhost:5432/patuh"})
    assert config.DATABASE_URL == "postgresql+psycopg://patuh:rahasia@localhost:5432/patuh"


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("PATUH_EMBED_SCHEDULER", "1", True),
        ("PATUH_PROXIES", " 1 ", 1),
        ("PATUH_BASE_URL", "https://patuh.contoh.example/", "https://patuh.contoh.example"),
        (
            "MAIL_URL",
            "smtps://patuh:rahasia@mail.contoh.example:465",
            "smtps://patuh:rahasia@mail.contoh.example:465",
        ),
        ("MAIL_FROM", "Patuh <patuh@contoh.example>", "Patuh <patuh@contoh.example>"),
    ],
)
def test_sense_is_accepted(name: str, value: str, read: object) -> None:
    assert getattr(Config.read({name: value}), name) == read


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (
            {"DATABASE_URL": "nonsense"},
            "Patuh: DATABASE_URL is not a database URL, e.g. sqlite:///instance/patuh.sqlite3",
        ),
        (
            {"PATUH_ENV": "production", "SECRET_KEY": ""},
            "Patuh: SECRET_KEY: production needs a secret of at least 32 characters",
        ),
    ],
)
def test_the_process_ends_with_that_line_and_no_traceback(given: dict[str, str], line: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", "import wsgi"],
        cwd=ROOT,
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [line]
    assert ended.stdout == ""
