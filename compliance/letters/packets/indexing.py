"""The index of a packet, as PDF for people and as JSON for programs, and the events that it tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from compliance.cases.models import Case
from compliance.core.db import db
from compliance.core.events import Event
from compliance.core.slots import Slot
from compliance.core.text import Text, from_json
from compliance.letters.packets.models import Packet
from compliance.letters.packets.queries import Contents, made_item, told_events
from compliance.letters.packets.rules import (
    FULL_PACKET,
    PACKET_CLASSES,
    PACKET_FORMAT,
    PACKET_KINDS,
    PacketItem,
    fact_of_event,
    written_json,
)
from compliance.letters.rendering import render
from compliance.letters.rules import long_day
from compliance.office.settings import office_settings

EVENT_WORDS: Slot[Mapping[str, Text]] = Slot()
"""What kinds of events are called, by their names."""
_FULL_SEAL = (
    "events.json memuat setiap peristiwa kasus ini dengan sidiknya (hash) dan sidik peristiwa sebelumnya "
    "dalam log (previous).",
    "Sidik suatu peristiwa adalah SHA-256 dari daftar JSON [previous, id, at, kind, actor_id, actor_name, "
    "case_id, company_id, subject, reason, data, seen_version], dengan isi origin di belakangnya bila tidak "
    "null: kunci berurutan menurut abjad, tanpa spasi, UTF-8. Karena setiap sidik memuat sidik sebelumnya, "
    "peristiwa yang diubah, disisipkan, atau dihapus mengubah semua sidik sesudahnya, sampai sidik terakhir "
    "di bawah ini.",
    "Sidik peristiwa terakhir log pada saat isi paket ini ditetapkan, untuk dicocokkan dengan segel yang "
    "disimpan di luar Patuh:",
)
_SHORT_SEAL = (
    "events.json memuat peristiwa yang juga dikabarkan kepada kantor perizinan. Sidik peristiwa terakhir log "
    "pada saat isi paket ini ditetapkan:",
)


def with_index(packet: Packet, case: Case, contents: Contents) -> list[PacketItem]:
    """All files of a packet, its index first. Raises LayoutRefused."""
    head = db.session.get_one(Event, packet.head_id)
    told = [
        fact_of_event(event, before=before, kind=packet.kind)
        for event, before in told_events(packet)
    ]
    as_of = contents.items[0].on
    events = made_item("events.json", "Peristiwa kasus", written_json(told), packet.kind, as_of)
    files = [*contents.items, events]
    lines = [_line(fact) for fact in told] if packet.kind == FULL_PACKET else []
    listed = written_json(_listed(packet, case, files, head))
    index = made_item("index.json", "Daftar isi sebagai data", listed, packet.kind, as_of)
    paper = render(
        "packet_index",
        _on_paper(packet, case, [index, *files], head=head, index=listed.decode(), lines=lines),
        code=None,
        issued_at=head.at.replace(microsecond=0),
    )
    return [made_item("INDEX.pdf", "Daftar isi", paper, packet.kind, as_of), index, *files]


def _listed(packet: Packet, case: Case, files: Sequence[PacketItem], head: Event) -> dict[str, Any]:
    """What `index.json` says."""
    return {
        "format": PACKET_FORMAT,
        "kind": packet.kind,
        "case": case.number,
        "head": {"id": head.id, "hash": head.hash, "mac": head.mac, "at": head.at},
        "files": [item.as_fact() for item in files],
    }


def _on_paper(
    packet: Packet,
    case: Case,
    files: Sequence[PacketItem],
    *,
    head: Event,
    index: str,
    lines: Sequence[list[str]],
) -> dict[str, Any]:
    """What `INDEX.pdf` says."""
    zone = office_settings().zone
    day = head.at.astimezone(zone)
    return {
        "subject": "Paket bukti kasus",
        "number": case.number,
        "office": office_settings().office_name,
        "classification": "Rahasia" if packet.kind == FULL_PACKET else "Biasa",
        "as_of": [day.year, day.month, day.day],
        "about": [
            ["Perusahaan", case.company.name],
            ["Jenis paket", str(PACKET_KINDS[packet.kind])],
            ["Keadaan per", f"{long_day(day)} pukul {day:%H.%M}"],
            ["Banyaknya berkas", f"{len(files) + 1}: INDEX.pdf ini dan {len(files)} yang didaftar"],
        ],
        "files": [
            {
                "title": item.title,
                "name": item.name,
                "size": f"{item.size:,}".replace(",", "."),
                "sha256": item.sha256,
                "date": _short(item.on, zone),
                "source": item.source,
                "class": PACKET_CLASSES[item.class_],
            }
            for item in files
        ],
        "events": lines,
        "seal": _FULL_SEAL if packet.kind == FULL_PACKET else _SHORT_SEAL,
        "head": f"{head.id}:{head.hash}" + (f":{head.mac.partition(':')[0]}" if head.mac else ""),
        "index": index,
    }


def _line(fact: Mapping[str, Any]) -> list[str]:
    """An event as people read it: its day, what was done, who did it."""
    names = {name: words for table in EVENT_WORDS for name, words in table.items()}
    what = str(names.get(fact["kind"], fact["kind"]))
    data = {name: from_json(value) for name, value in fact["data"].items()}
    more = [
        data.get("number") or "",
        f"diterima {long_day(data['received_on'])}" if data.get("received_on") else "",
        data.get("received_by") or "",
    ]
    said = ", ".join(part for part in more if part)
    day = _short(fact["at"].isoformat(), office_settings().zone)
    return [day, f"{what}: {said}" if said else what, fact["actor_name"] or "Patuh"]


def _short(on: str, zone: Any) -> str:
    """A day or an instant as the table of the index shows it."""
    if len(on) == 10:
        return long_day(datetime.fromisoformat(on).date())
    moment = datetime.fromisoformat(on).astimezone(zone)
    return f"{long_day(moment)} {moment:%H.%M}"
