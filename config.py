"""Settings from the environment, read once at start and checked: nonsense is refused with one clear line.

What an office decides (months, reminders, letterhead, number templates) is data, not environment: see
compliance/people/settings.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent


class ConfigError(SystemExit):
    """The environment does not make sense; the message is the one line an operator reads."""


class Config(BaseModel):
    """Everything Patuh takes from the environment. Field names in capitals are the variables' names."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    PATUH_ENV: Literal["development", "production"] = "development"
    DATABASE_URL: str = f"sqlite:///{ROOT / 'instance' / 'patuh.sqlite3'}"
    SECRET_KEY: str = ""
    PATUH_EMBED_SCHEDULER: bool = (
        False  # run the scheduler inside this web process (one process only)
    )
    PATUH_BASE_URL: str = (
        "http://127.0.0.1:8000"  # how people reach Patuh; goes into mails and QR codes
    )
    PATUH_PROXIES: int = 0  # how many reverse proxies stand in front and set X-Forwarded-*
    PATUH_PASSWORD_COST: Literal["normal", "low"] = "normal"  # "low" is for tests only
    MAIL_URL: str = (
        ""  # smtp://user:password@host:587 (STARTTLS when offered) or smtps://…; empty: files
    )
    MAIL_FROM: str = "patuh@localhost"
    MAIL_DIR: Path = ROOT / "instance" / "mail"  # where mails go as files when MAIL_URL is empty

    @field_validator("DATABASE_URL")
    @classmethod
    def _a_store_we_know(cls, value: str) -> str:
        try:
            url = make_url(value)
        except (ArgumentError, ValueError):
            raise ValueError(
                "is not a database URL, e.g. sqlite:///instance/patuh.sqlite3"
            ) from None
        if url.drivername in ("postgres", "postgresql"):
            url = url.set(drivername="postgresql+psycopg")
        if url.drivername == "sqlite":
            if not url.database or url.database == ":memory:":
                raise ValueError("needs a file: several connections must see one SQLite database")
            url = url.set(database=str(Path(url.database).resolve()))
        elif url.drivername != "postgresql+psycopg":
            raise ValueError("must begin with sqlite:/// or postgresql+psycopg://")
        return url.render_as_string(hide_password=False)

    @field_validator("MAIL_URL")
    @classmethod
    def _a_mail_server(cls, value: str) -> str:
        if value:
            parts = urlsplit(value)
            if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
                raise ValueError(
                    "must look like smtp://host:port or smtps://user:password@host:port"
                )
            _ = parts.port
        return value

    @field_validator("PATUH_BASE_URL")
    @classmethod
    def _an_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("must be the http(s) address people open")
        _ = parts.port
        return value.rstrip("/")

    @field_validator("MAIL_FROM")
    @classmethod
    def _a_sender(cls, value: str) -> str:
        if "@" not in parseaddr(value)[1] or not value.isprintable():
            raise ValueError("must be a mail address, e.g. patuh@example.org")
        return value

    @field_validator("MAIL_DIR")
    @classmethod
    def _a_folder(cls, value: Path) -> Path:
        if value.exists() and not value.is_dir():
            raise ValueError("must be a folder")
        return value

    @field_validator("PATUH_PROXIES")
    @classmethod
    def _a_few_proxies(cls, value: int) -> int:
        if not 0 <= value <= 5:
            raise ValueError("must be a number from 0 to 5")
        return value

    @model_validator(mode="after")
    def _production_is_serious(self) -> Config:
        if self.PATUH_ENV == "production" and len(self.SECRET_KEY) < 32:
            raise ValueError("SECRET_KEY: production needs a secret of at least 32 characters")
        return self

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Config:
        """The settings in `environ`; an empty variable counts as not set. Raises ConfigError."""
        given = {name: environ[name] for name in cls.model_fields if environ.get(name)}
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            first = error.errors()[0]
            name = str(first["loc"][0]) if first["loc"] else ""
            message = first["msg"].removeprefix("Value error, ")
            raise ConfigError(f"Patuh: {name} {message}".replace("  ", " ")) from None
