"""Sends one e-mail: to the SMTP server named by MAIL_URL, or into a folder when there is none
(development).
"""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit

from compliance.core import clock
from compliance.core.parsing import clean_line

TIMEOUT_SECONDS = 20
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def compose(
    *, sender: str, to: str, subject: str, body: str, key: str, language: str
) -> EmailMessage:
    """A plain-text mail. The Message-ID comes from `key`, so that a mail sent twice can be recognised."""
    mail = EmailMessage()
    mail["From"], mail["To"] = sender, to
    mail["Subject"] = clean_line(subject) or ""
    mail["Date"] = clock.now()
    domain = parseaddr(sender)[1].rpartition("@")[2]
    mail["Message-ID"] = f"<{''.join(c if c.isalnum() else '-' for c in key)}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(body)
    mail["Content-Language"] = language  # last: set_content drops every header of the content
    return mail


def send(mail: EmailMessage, *, url: str, folder: Path) -> None:
    """Hand `mail` over. Raises OSError or smtplib.SMTPException when the server does not take it.

    A server on another machine must take it over TLS: nobody on the way may read it, or the password.
    """
    if not url:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = str(mail["Message-ID"]).strip("<>").replace("/", "-")
        file = folder / f"{name}.eml"
        file.touch(mode=0o600)  # links in it open an account
        file.write_bytes(bytes(mail))
        return
    server = urlsplit(url)
    if server.scheme == "smtps":
        context = ssl.create_default_context()
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.hostname or "", server.port or 465, timeout=TIMEOUT_SECONDS, context=context
        )
    else:
        connection = smtplib.SMTP(server.hostname or "", server.port or 25, timeout=TIMEOUT_SECONDS)
    with connection:
        if server.scheme == "smtp":
            if _offers_starttls(connection):
                connection.starttls(context=ssl.create_default_context())
            elif server.hostname not in LOOPBACK:
                raise smtplib.SMTPException(
                    f"{server.hostname} offers no TLS: mail leaves this machine encrypted or not at all"
                )
        if server.username:
            connection.login(unquote(server.username), unquote(server.password or ""))
        connection.send_message(mail)


def _offers_starttls(connection: smtplib.SMTP) -> bool:
    connection.ehlo_or_helo_if_needed()
    return connection.has_extn("starttls")
