"""Packets of evidence for programs: ask for one, then take it along when it is made."""

from __future__ import annotations

from flask import Response, url_for

from compliance.api.auth import caller
from compliance.api.file_operations import get_file
from compliance.api.operations import Reply, post
from compliance.api.schemas.files import NewPacket, PacketAsked, PacketQuery
from compliance.core.errors import Refusal
from compliance.letters.packets.commands import ask_for_packet
from compliance.letters.packets.queries import case_for_packets, kinds_for, latest_packet
from compliance.letters.packets.sending import (
    MADE_AFTER,
    packet_name,
    send_packet,
)


@post("/cases/<int:id>/packet", body=NewPacket, answer=PacketAsked, status=202)
def post_packet(body: NewPacket, id: int) -> Reply:
    """Ask for a packet: made by a job, or ready at once when one holds the same facts."""
    case = case_for_packets(caller(), id=id, kind=body.kind, for_update=True)
    packet = ask_for_packet(case, by=caller(), kind=body.kind)
    return Reply(
        PacketAsked(id=packet.id, kind=body.kind, state="made" if packet.file else "waiting"),
        status=202,
        location=url_for("api.get_packet", id=id, kind=packet.kind),
        retry_after=MADE_AFTER,
    )


@get_file(
    "/cases/<int:id>/packet",
    media_types=("application/zip",),
    later=True,
    may_fail=True,
    query=PacketQuery,
)
def get_packet(query: PacketQuery, id: int) -> Response:
    """The packet that was asked for last, as zip; 202 while it is made. That it was taken is recorded."""
    case = case_for_packets(caller(), id=id, kind=query.kind)
    kinds = [query.kind] if query.kind else kinds_for(caller(), case)
    packet = latest_packet(case, kinds)
    if packet.why is not None:
        raise Refusal(packet.why)
    if packet.file is None:
        return Response(status=202, headers={"Retry-After": str(MADE_AFTER)})
    return send_packet(packet, by=caller(), name=packet_name(packet, case.number or ""))
