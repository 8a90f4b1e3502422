"""Turns an outbox message into words in its reader's language, and hands mails over. One template per kind."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, render_template

from compliance.core import mail
from compliance.core.outbox import Message
from compliance.web.words import in_language


@dataclass(frozen=True)
class Letter:
    """A message in words: the first line of its template is the subject, the rest the body."""

    subject: str
    body: str
    link: str | None


def write_letter(message: Message) -> Letter:
    """The message in the language being written now."""
    link = f"/cases/{message.data['case_number']}" if message.data.get("case_number") else None
    text = render_template(f"messages/{message.kind.replace('.', '/')}.txt", message=message, fact=message.fact)
    subject, _, body = text.strip().partition("\n")
    return Letter(subject.strip(), body.strip(), link)


def send_message(message: Message) -> None:
    """Send one mail. Raises whatever the server says no with."""
    assert message.address is not None
    base = current_app.config["PATUH_BASE_URL"]
    with in_language(message.language):
        letter = write_letter(message)
        body = render_template("messages/mail.txt", letter=letter, base=base)
    composed = mail.compose(
        sender=current_app.config["MAIL_FROM"], to=message.address, subject=letter.subject, body=body,
        key=message.key, language=message.language,
    )  # fmt: skip
    mail.send(composed, url=current_app.config["MAIL_URL"], folder=current_app.config["MAIL_DIR"])
