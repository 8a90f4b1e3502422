"""The form of packets: which kind."""

from __future__ import annotations

from wtforms import StringField

from compliance.core.errors import NotFound
from compliance.letters.packets.rules import PACKET_KINDS
from compliance.web.forms import Form


class PacketForm(Form):
    """A button for each kind."""

    kind = StringField()

    def known_kind(self) -> str:
        """The kind that was chosen. Raises NotFound for another."""
        if self.kind.data not in PACKET_KINDS:
            raise NotFound()
        return str(self.kind.data)
