"""Addresses of packets: ask for one, and take it along. How far it is stands on the pages of its case."""

from __future__ import annotations

from flask import Blueprint, Response, url_for

from compliance.cases.models import Case
from compliance.core.errors import Refusal
from compliance.core.text import say
from compliance.letters.packets.commands import ask_for_packet
from compliance.letters.packets.forms import PacketForm
from compliance.letters.packets.queries import case_for_packets, latest_packet
from compliance.letters.packets.sending import packet_name, send_packet
from compliance.people.sessions import signed_in
from compliance.policy import Actor, may
from compliance.web.answering import done

blueprint = Blueprint("packets", __name__)


@blueprint.post("/cases/<number>/packet")
def ask(number: str) -> Response:
    """Ask for a packet of a kind; the one that holds the same facts is ready at once."""
    by, form = signed_in(), PacketForm()
    case = case_for_packets(by, number=number, for_update=True)
    packet = ask_for_packet(case, by=by, kind=form.kind.data)
    if packet.is_waiting:
        return done(say("Paket bukti sedang disiapkan."), _page_of(by, case))
    return done(
        say("Paket bukti siap diunduh. Isinya sama seperti yang terakhir dibuat."),
        _page_of(by, case),
    )


@blueprint.post("/cases/<number>/packet/download")
def download(number: str) -> Response:
    """The zip of a kind. That it is taken along is recorded, so it is no GET."""
    by, form = signed_in(), PacketForm()
    case = case_for_packets(by, number=number, kind=form.known_kind())
    packet = latest_packet(case, [form.known_kind()])
    if packet.file is None:
        raise Refusal(say("Paket bukti ini belum siap. Muat ulang halaman kasusnya sebentar lagi."))
    return send_packet(packet, by=by, name=packet_name(packet, number))


def _page_of(by: Actor, case: Case) -> str:
    """The page on which this reader sees the packets of a case."""
    endpoint = "case_evidence.index" if may(by, "evidence.read", case) else "cases.show"
    return url_for(endpoint, number=case.number)
