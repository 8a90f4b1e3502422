"""A real SMTP server on loopback, which takes, refuses or ponders mails as a test tells it."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


class MailServer:
    """What has arrived, and how the server answers: `refusal` is sent instead of taking a mail, `unknown` to
    a recipient; `ponder` runs first.
    """

    def __init__(self) -> None:
        self.arrived: list[EmailMessage] = []
        self.refusal = ""
        self.unknown: dict[str, str] = {}
        self.connections: set[int] = set()
        self.senders: list[str] = []
        self.asked = 0
        self.ponder: Callable[[], None] = lambda: None

    async def handle_RCPT(
        self, _server: Any, session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        self.connections.add(id(session))
        if address in self.unknown:
            return self.unknown[address]
        envelope.rcpt_tos.append(address)
        return "250 go on"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.asked += 1
        self.ponder()
        if self.refusal:
            return self.refusal
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        self.arrived.append(mail)
        self.senders.append(envelope.mail_from)
        return "250 taken"

    def recipients(self) -> list[str]:
        return sorted(str(mail["To"]) for mail in self.arrived)

    def to(self, address: str) -> EmailMessage:
        """The one mail that arrived for `address`."""
        (found,) = [mail for mail in self.arrived if mail["To"] == address]
        return found


def words(mail: EmailMessage) -> str:
    """The text of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


class AnyPort(Controller):
    """A controller on whatever port is free."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def running() -> Iterator[tuple[MailServer, str]]:
    """A server, and its address as MAIL_URL names it."""
    server = MailServer()
    controller = AnyPort(server, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        yield server, f"smtp://127.0.0.1:{controller.port}"
    finally:
        controller.stop()
