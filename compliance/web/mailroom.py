"""Turns an outbox message into a text in its reader's language, and sends mails. One template per kind.

A letter holds who, what is needed, by when and one link; never what an inspector found (the nota is secret).
"""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app

from compliance.core import clock, mail
from compliance.core.db import db
from compliance.core.outbox import Message
from compliance.core.slots import Slot
from compliance.core.text import Text, from_json
from compliance.web.formatting import in_language, letters


@dataclass(frozen=True)
class WrittenMessage:
    """A message in words: the first line of its template is the subject, the rest the body."""

    subject: str
    body: str
    link: str | None


def write_message(message: Message) -> WrittenMessage:
    """The message in the language being written now. Reads nothing but the message itself."""
    subject, _, body = _render(
        message.kind.replace(".", "/"), message=message, fact=message.fact
    ).partition("\n")
    return WrittenMessage(subject, body.strip(), link_of(message))


MailLink = Callable[[Message], str | None]
MAIL_LINKS: Slot[MailLink] = Slot()
"""Where the reader of a message goes from there: the first that knows the message answers."""


def link_of(message: Message) -> str | None:
    """Where the reader goes from here: a page that their role opens; None when there is none."""
    return next((address for link in MAIL_LINKS if (address := link(message))), None)


LINK_LABELS: Slot[tuple[str, Text]] = Slot()
"""What the link of a message says, by the beginning of its address; the last row fits every address."""


def link_label(address: str) -> Text:
    """What the link to `address` says."""
    return next(label for beginning, label in LINK_LABELS if address.startswith(beginning))


def secret_of(seed: str) -> str:
    """The secret that this installation derives from `seed`: a mail in the outbox holds only the seed, so a
    copy of the store opens no account.
    """
    key = str(current_app.secret_key).encode()
    return (
        urlsafe_b64encode(hmac.digest(key, f"mailed link {seed}".encode(), "sha256"))
        .decode()
        .rstrip("=")
    )


def outgoing_mail() -> mail.OutgoingMail:
    """The way out for mails, as this installation is set up."""
    config = current_app.config
    return mail.OutgoingMail(config["MAIL_URL"], config["MAIL_DIR"], bounces=config["MAIL_BOUNCES"])


def send_test_mail(to: str, *, office: str, language: str) -> None:
    """Send a mail that says nothing but that mails arrive. Raises whatever the server says no with."""
    with in_language(language):
        subject, _, body = _render("test", office=office).partition("\n")
    key = f"test {clock.now().isoformat()}"
    sender = current_app.config["MAIL_FROM"]
    composed = mail.compose(
        sender=sender, to=to, subject=subject, body=body.strip() + "\n", key=key, language=language
    )
    db.session.rollback()
    with outgoing_mail() as out:
        out.send(composed)


def send_message(message: Message, *, office: str, out: mail.OutgoingMail) -> None:
    """Send one mail on behalf of `office`. Raises whatever the server says no with."""
    assert message.address is not None
    with in_language(message.language):
        letter = write_message(message)
        body = _render(
            "mail",
            letter=letter,
            base=current_app.config["PATUH_BASE_URL"],
            office=office,
            personal=message.user_id is not None and not message.fact("always"),
        )
    composed = mail.compose(
        sender=current_app.config["MAIL_FROM"],
        to=message.address,
        subject=letter.subject,
        body=body + "\n",
        key=message.key,
        language=message.language,
    )
    db.session.rollback()  # the store is not locked while a mail server takes its time
    out.send(composed)


def _render(name: str, **facts: Any) -> str:
    """Render a message template by itself: the frame of a page would ask the store once for every letter."""
    template = letters().get_template(f"messages/{name}.txt")
    return re.sub(r"\s*\n\s*\n\s*", "\n\n", template.render(read=from_json, **facts)).strip()
