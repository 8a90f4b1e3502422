"""Sends e-mails: to the SMTP server named by MAIL_URL, many over one connection, or into a folder when there
is none (development).
"""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from types import TracebackType
from urllib.parse import unquote, urlsplit

from compliance.core import clock
from compliance.core.parsing import clean_line

TIMEOUT_SECONDS = 20
LOOPBACK = ("localhost", "127.0.0.1", "::1")
MailTrouble = (OSError, smtplib.SMTPException)
"""What sending raises when the server does not take a mail, or is not there."""


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


def is_final(failure: BaseException) -> bool:
    """Whether the server refused this very mail for good (5xx to its recipient or its text).

    What it says of Patuh itself, that it may not sign in or send at all, is mended by a setting: such mails
    are tried again.
    """
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _said in failure.recipients.values())
    return isinstance(failure, smtplib.SMTPDataError) and 500 <= failure.smtp_code < 600


class OutgoingMail:
    """The way out for mails: one connection for all, opened with the first and closed behind the last.

    `bounces` is the address to which mail servers send back what they could not deliver; that of the sender
    when it is empty.
    """

    def __init__(self, url: str, folder: Path, *, bounces: str = "") -> None:
        self.url, self.folder, self.bounces = url, folder, bounces
        self._server: smtplib.SMTP | None = None
        self._refusal: OSError | smtplib.SMTPException | None = None

    def __enter__(self) -> OutgoingMail:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._leave()

    def knock(self) -> None:
        """See whether the server lets us in. Raises `MailTrouble` when it does not."""
        if self.url:
            self._server = _connect(self.url)
            self._server.noop()

    def send(self, mail: EmailMessage) -> None:
        """Hand `mail` over. Raises `MailTrouble` when the server does not take it.

        A server on another machine must take it over TLS: nobody on the way may read it, or the password.
        """
        if not self.url:
            self._write(mail)
            return
        server = self._server if self._still_there() else None
        if server is None:
            server = self._server = self._connect()
        try:
            server.send_message(mail, from_addr=self.bounces or None)
        except (OSError, smtplib.SMTPServerDisconnected) as trouble:
            if not isinstance(
                trouble, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused
            ):
                self._leave()
            raise

    def _connect(self) -> smtplib.SMTP:
        """A connection. A server that let nobody in is not asked again for each further mail: it would cost a
        pause each, and wrong passwords lock an account.
        """
        if self._refusal is not None:
            raise self._refusal
        try:
            return _connect(self.url)
        except MailTrouble as refusal:
            self._refusal = refusal
            raise

    def _still_there(self) -> bool:
        """Whether the connection of the mail before can be used; servers close what they heard nothing on."""
        if self._server is None:
            return False
        with suppress(*MailTrouble):
            if self._server.noop()[0] == 250:
                return True
        self._leave()
        return False

    def _leave(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            with suppress(*MailTrouble):
                server.quit()
            server.close()

    def _write(self, mail: EmailMessage) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = str(mail["Message-ID"]).strip("<>").replace("/", "-")
        file = self.folder / f"{name}.eml"
        file.touch(mode=0o600)  # links in it open an account
        file.write_bytes(bytes(mail))


def _connect(url: str) -> smtplib.SMTP:
    server = urlsplit(url)
    if server.scheme == "smtps":
        context = ssl.create_default_context()
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.hostname or "", server.port or 465, timeout=TIMEOUT_SECONDS, context=context
        )
    else:
        connection = smtplib.SMTP(server.hostname or "", server.port or 25, timeout=TIMEOUT_SECONDS)
    try:
        if server.scheme == "smtp":
            if _offers_starttls(connection):
                connection.starttls(context=ssl.create_default_context())
            elif server.hostname not in LOOPBACK:
                raise smtplib.SMTPException(
                    f"{server.hostname} offers no TLS: mail leaves this machine encrypted or not at all"
                )
        if server.username:
            connection.login(unquote(server.username), unquote(server.password or ""))
    except BaseException:
        connection.close()
        raise
    return connection


def _offers_starttls(connection: smtplib.SMTP) -> bool:
    connection.ehlo_or_helo_if_needed()
    return connection.has_extn("starttls")
