"""Settings from the environment, read once at start and checked: nonsense is refused with one clear line.

What an office decides (months, reminders, letterhead, number templates) is data, not environment: see
compliance/office/settings.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from email.utils import parseaddr
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent
VERSION = "0.1.0"
"""The same as in pyproject.toml."""


class ConfigError(SystemExit):
    """The environment does not make sense; the message is the one line an operator reads."""


@dataclass(frozen=True)
class Config:
    """Everything Patuh takes from the environment. Field names in capitals are the variables' names."""

    PATUH_ENV: str = "development"  # or production
    DATABASE_URL: str = f"sqlite:///{ROOT / 'instance' / 'patuh.sqlite3'}"
    SECRET_KEY: str = ""
    PATUH_EMBED_SCHEDULER: bool = False  # run the scheduler in this web process (one process only)
    PATUH_BASE_URL: str = "http://127.0.0.1:8000"  # how people reach Patuh; goes into mails
    PATUH_PROXIES: int = 0  # how many reverse proxies stand in front and set X-Forwarded-*
    PATUH_PASSWORD_COST: str = "normal"  # "low" is for tests only
    PATUH_FILES: str = f"file://{ROOT / 'instance' / 'files'}"  # or s3://bucket/prefix (extra: s3)
    PATUH_SIGNING_URL: str = (
        ""  # the office's signing service: https://user:password@host; "": none
    )
    MAIL_URL: str = ""  # smtp://user:password@host:587 (with STARTTLS) or smtps://…; "": files
    MAIL_FROM: str = "patuh@localhost"
    MAIL_BOUNCES: str = ""  # where mail servers send back what they cannot deliver; "": MAIL_FROM
    MAIL_DIR: Path = ROOT / "instance" / "mail"  # where mails go as files when MAIL_URL is empty
    PATUH_SEAL_KEY: str = ""  # seals the event log; more after a space verify only; "": the file
    PATUH_SEAL_KEY_FILE: Path = ROOT / "instance" / "seal_key"  # one key a line, made when missing
    PATUH_SEALS_FILE: Path = ROOT / "instance" / "seals.txt"  # the daily seals of the event log
    PATUH_METRICS_TOKEN: str = ""  # opens /metrics to a program; "": to this machine alone
    PATUH_BACKUP_DIR: Path | None = None  # where the nightly backup goes; none: there is none
    PATUH_BACKUP_KEEP: str = "7d,5w,12m"  # of so many days, weeks and months one backup stays
    PATUH_BACKUP_KEY: Path | None = None  # a public X25519 key (PEM) to which it is encrypted

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Config:
        """The settings in `environ`; an empty variable counts as not set. Raises ConfigError."""
        given: dict[str, Any] = {}
        for name, read in _READERS.items():
            if environ.get(name):
                try:
                    given[name] = read(environ[name].strip())
                except ValueError as error:
                    raise ConfigError(f"Patuh: {name} {error}") from None
        config = cls(**given)
        if config.PATUH_ENV == "production" and len(config.SECRET_KEY) < 32:
            raise ConfigError(
                "Patuh: SECRET_KEY: production needs a secret of at least 32 characters"
            )
        return config

    def settings(self) -> dict[str, Any]:
        """The settings by name, as Flask takes them."""
        return asdict(self)


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError(f"must be {' or '.join(words)}")
        return text

    return read


def _yes_or_no(text: str) -> bool:
    if text.lower() in ("1", "true", "yes", "on", "t", "y"):
        return True
    if text.lower() in ("0", "false", "no", "off", "f", "n"):
        return False
    raise ValueError("must be 1 or 0")


def store_address(text: str) -> str:
    """The address of a store in full. Raises ValueError."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise ValueError("is not a database URL, e.g. sqlite:///instance/patuh.sqlite3") from None
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername == "sqlite":
        if not url.database or url.database == ":memory:":
            raise ValueError("needs a file: several connections must see one SQLite database")
        url = url.set(database=str(Path(url.database).resolve()))
    elif url.drivername != "postgresql+psycopg":
        raise ValueError("must begin with sqlite:/// or postgresql+psycopg://")
    return url.render_as_string(hide_password=False)


def _mail_server(text: str) -> str:
    if text:
        parts = urlsplit(text)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("must look like smtp://host:port or smtps://user:password@host:port")
        _ = parts.port
    return text


def _address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be the http(s) address people open")
    _ = parts.port
    return text.rstrip("/")


def _sender(text: str) -> str:
    if "@" not in parseaddr(text)[1] or not text.isprintable():
        raise ValueError("must be a mail address, e.g. patuh@example.org")
    return text


def _bare_address(text: str) -> str:
    if parseaddr(text)[1] != text or "@" not in text or not text.isprintable():
        raise ValueError("must be a bare mail address, e.g. surel-kembali@example.org")
    return text


def _folder(text: str) -> Path:
    folder = Path(text)
    if folder.exists() and not folder.is_dir():
        raise ValueError("must be a folder")
    return folder


def _storage(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme == "s3" and parts.hostname:
        return text.rstrip("/")
    if parts.scheme != "file" or parts.netloc or not parts.path.startswith("/"):
        raise ValueError("must look like file:///folder or s3://bucket/prefix")
    _folder(unquote(parts.path))
    return text


def _signing_service(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or not parts.username:
        raise ValueError("must look like https://user:password@host")
    _ = parts.port
    if parts.scheme == "http" and not _is_near(parts.hostname):
        raise ValueError("must begin with https://, unless the host is an address of this network")
    return text.rstrip("/")


def _is_near(host: str) -> bool:
    """Whether a host is this machine, or is named by an address of a private network."""
    try:
        return host == "localhost" or ip_address(host).is_private
    except ValueError:
        return False


def _file(text: str) -> Path:
    file = Path(text)
    if file.is_dir():
        raise ValueError("must be a file, not a folder")
    return file


def _spans(text: str) -> str:
    parts = [part.strip() for part in text.split(",")]
    if not all(re.fullmatch(r"[1-9]\d{0,3}[dwm]", part) for part in parts):
        raise ValueError("must look like 7d,5w,12m")
    if len({part[-1] for part in parts}) < len(parts):
        raise ValueError("names days, weeks or months twice")
    return text


def _readable_file(text: str) -> Path:
    file = Path(text)
    if not file.is_file():
        raise ValueError("must be a file")
    return file


def _seal_keys(text: str) -> str:
    if any(len(key) < 32 for key in text.split() if ":" not in key):
        raise ValueError("needs at least 32 characters a key")
    return text


def _a_few(text: str) -> int:
    if text not in ("0", "1", "2", "3", "4", "5"):
        raise ValueError("must be a number from 0 to 5")
    return int(text)


_READERS: Mapping[str, Callable[[str], Any]] = {
    "PATUH_ENV": _one_of("development", "production"),
    "DATABASE_URL": store_address,
    "SECRET_KEY": str,
    "PATUH_EMBED_SCHEDULER": _yes_or_no,
    "PATUH_BASE_URL": _address,
    "PATUH_PROXIES": _a_few,
    "PATUH_PASSWORD_COST": _one_of("normal", "low"),
    "PATUH_FILES": _storage,
    "PATUH_SIGNING_URL": _signing_service,
    "PATUH_METRICS_TOKEN": str,
    "MAIL_URL": _mail_server,
    "MAIL_FROM": _sender,
    "MAIL_BOUNCES": _bare_address,
    "MAIL_DIR": _folder,
    "PATUH_SEAL_KEY": _seal_keys,
    "PATUH_SEAL_KEY_FILE": _file,
    "PATUH_SEALS_FILE": _file,
    "PATUH_BACKUP_DIR": _folder,
    "PATUH_BACKUP_KEEP": _spans,
    "PATUH_BACKUP_KEY": _readable_file,
}
"""How each variable is read: a ValueError says, after the variable's name, what is wrong with it."""
