"""What the doctor looks at around the store: the mail server, disks, keys, the address that people open."""

from __future__ import annotations

import shutil
import socket
import ssl
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask import current_app

from compliance.admin.doctor.rules import (
    BAD,
    WARNING,
    WELL,
    Observation,
    address_findings,
    certificate_finding,
    room_finding,
    secret_finding,
)
from compliance.core import clock
from compliance.core.availability import line_for_operator, writing_problem
from compliance.core.db import db
from compliance.core.mail import MailTrouble
from compliance.core.schema import schema_of
from compliance.web.mailroom import outgoing_mail

TLS_WAIT_SECONDS = 5


def store_findings() -> Iterator[Observation]:
    """Whether the store answers, can be written, and has the schema of this Patuh."""
    try:
        schema = schema_of(db.engine)
    except Exception as error:
        if (line := line_for_operator(error)) is None:
            raise
        yield Observation("store", BAD, line, "look at DATABASE_URL, and whether the server runs")
        return
    yield Observation("store", WELL, f"{db.engine.dialect.name} answers")
    if schema.problem is not None:
        yield Observation("migrations", BAD, schema.problem)
    else:
        yield Observation("migrations", WELL, f"at {schema.revision}, as this Patuh needs")
    if (problem := writing_problem(db.engine)) is not None:
        yield Observation(
            "writing", BAD, f"the store cannot be written: {problem}", "make room, or wait"
        )
    else:
        yield Observation("writing", WELL, "the store can be written")


def mail_server_findings() -> Iterator[Observation]:
    """Whether the mail server takes mails of Patuh. None is sent."""
    config = current_app.config
    if not config["MAIL_URL"]:
        state = BAD if config["PATUH_ENV"] == "production" else WELL
        says = f"no mail leaves: mails are files in {config['MAIL_DIR']}"
        yield Observation("mail", state, says, "set MAIL_URL" if state == BAD else "")
        return
    place = urlsplit(config["MAIL_URL"]).hostname
    try:
        with outgoing_mail() as out:
            out.knock()
    except MailTrouble as trouble:
        says = f"{place} takes no mail: {type(trouble).__name__}: {trouble}"
        yield Observation("mail", BAD, says, "look at MAIL_URL; then flask mail test ADDRESS")
    else:
        yield Observation("mail", WELL, f"{place} lets Patuh in")


def disk_findings() -> Iterator[Observation]:
    """The disks on which the store and the files lie; each disk once."""
    seen: set[int] = set()
    for folder in _folders():
        there = next((place for place in (folder, *folder.parents) if place.exists()), None)
        if there is None or (disk := there.stat().st_dev) in seen:
            continue
        seen.add(disk)
        usage = shutil.disk_usage(there)
        yield room_finding(str(folder), usage.free, usage.total)


def _folders() -> Iterator[Path]:
    url, files = db.engine.url, urlsplit(current_app.config["PATUH_FILES"])
    if url.drivername == "sqlite":
        yield Path(url.database or "").parent
    if files.scheme == "file":
        yield Path(unquote(files.path))
    yield current_app.config["PATUH_SEALS_FILE"].parent


def key_findings() -> Iterator[Observation]:
    """The secret of the sessions, and the key that seals the log."""
    config = current_app.config
    production = config["PATUH_ENV"] == "production"
    secret = str(config["SECRET_KEY"])
    yield secret_finding(secret, given=config["SECRET_IS_GIVEN"], production=production)
    file: Path = config["PATUH_SEAL_KEY_FILE"]
    if config["PATUH_SEAL_KEY"] or not file.exists():
        return
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        yield Observation("seal key", WARNING, f"others may read {file}", f"chmod 600 {file}")
    else:
        yield Observation("seal key", WELL, f"{file} is for this user alone")


def entrance_findings() -> Iterator[Observation]:
    """The address that people open, the proxy in front of it, and its certificate."""
    config = current_app.config
    url, production = config["PATUH_BASE_URL"], config["PATUH_ENV"] == "production"
    yield from address_findings(url, proxies=config["PATUH_PROXIES"], production=production)
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        yield _certificate(parts.hostname, parts.port or 443)


def _certificate(host: str, port: int) -> Observation:
    context = ssl.create_default_context()
    try:
        with (
            socket.create_connection((host, port), timeout=TLS_WAIT_SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=host) as secured,
        ):
            ends = str((secured.getpeercert() or {})["notAfter"])
    except (OSError, KeyError) as trouble:
        says = f"{host}:{port} cannot be opened as a browser would: {trouble}"
        return Observation(
            "tls", BAD, says, "look at nginx, the certificate and the name of the host"
        )
    until = datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC)
    return certificate_finding(host, until - clock.now())
