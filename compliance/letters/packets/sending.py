"""A packet as an answer: its bytes, piece by piece, behind the event that says who took them along.

The event is written after the request, on its own, and before the first byte leaves: a GET of a program may
not write, and no packet leaves unrecorded.
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask, Response, current_app, request

from compliance.core.channels import Origin, come_from, current_origin
from compliance.core.db import db, transaction
from compliance.core.errors import NotAllowed, Refusal
from compliance.core.text import say
from compliance.files.storage import storage, whole_pieces
from compliance.letters.packets.commands import record_download
from compliance.letters.packets.models import Packet
from compliance.letters.packets.queries import case_for_packets, is_current
from compliance.letters.packets.rules import LICENSING_PACKET
from compliance.people.models import User
from compliance.policy import Actor

MADE_AFTER = 5
"""Seconds after which it is worth asking again for a packet that is being made."""


def send_packet(packet: Packet, *, by: Actor, name: str) -> Response:
    """The zip, to be saved as `name`; 304 when the reader has it. Raises MissingBytes, OSError."""
    assert packet.file is not None
    if packet.kind == LICENSING_PACKET and not is_current(packet):
        raise Refusal(say("Isi kasus ini sudah berubah sejak paket dibuat. Minta paket baru."))
    response = Response(mimetype=packet.file.media_type)
    response.set_etag(packet.file.sha256)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "no-store"
    if not request.if_none_match.contains(packet.file.sha256):
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        pieces = storage().pieces(packet.file.sha256)
        told = packet.id, by.actor_id, current_origin()
        response.response = _recorded(app, packet.file.sha256, pieces, *told)
        response.content_length = packet.file.size
    response.make_conditional(request)
    return response


def _recorded(
    app: Flask,
    sha256: str,
    pieces: Iterator[bytes],
    packet_id: int,
    by_id: int | None,
    origin: Origin,
) -> Iterator[bytes]:
    with app.app_context():
        come_from(origin)
        try:
            with transaction():
                by = db.session.get_one(User, by_id)
                if not by.active:
                    raise NotAllowed()  # the person's access was taken away meanwhile
                packet = db.session.get_one(Packet, packet_id)
                case = case_for_packets(by, id=packet.case_id, kind=packet.kind, for_update=True)
                record_download(packet, by=by, case=case)
        finally:
            come_from()
    yield from whole_pieces(sha256, pieces)


def packet_name(packet: Packet, case_number: str) -> str:
    """What a packet is called when it is saved: in letters and digits."""
    number = "".join(sign if sign.isalnum() else "-" for sign in case_number)
    return f"paket-bukti-{number}-{packet.kind}.zip"
