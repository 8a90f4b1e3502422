"""The verbs of packets: ask for one, make it, hand it out.

A packet is asked for in a transaction, and made by a job: its contents are fixed in a short transaction, its
zip is written outside of any, its row and event come last. A job that is cut off leaves nothing, and the next
one begins anew.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from compliance.cases.models import Case
from compliance.core import clock
from compliance.core.db import db, reading, transaction
from compliance.core.errors import Invalid
from compliance.core.events import Subject, last_sealed, record
from compliance.core.text import say
from compliance.files.commands import KeptBytes, add_file, keep_file
from compliance.files.rules import ZIP
from compliance.files.storage import leave_room, storage
from compliance.letters.packets.indexing import with_index
from compliance.letters.packets.models import Packet
from compliance.letters.packets.queries import (
    Contents,
    contents_of,
    latest_packets,
    load_unmade,
    same_packet,
)
from compliance.letters.packets.rules import PACKET_ACTIONS, PACKET_KINDS, PacketItem
from compliance.letters.packets.zipping import BrokenFile, bytes_needed, write_zip
from compliance.policy import SYSTEM, Actor, command, require, system_only

WAITS_FOR_FILES = timedelta(hours=1)
"""So long a packet waits for letters and photos that are still being made."""
_TOLD_EACH = 25
"""After so many files people see how far it is."""
_ADDED = 3
"""Files that are written last: events, and the index as data and on paper."""


@command("packet.licensing")
def ask_for_packet(case: Case, *, by: Actor, kind: str | None) -> Packet:
    """The packet of this kind: the one that waits or holds the same facts, else a new one.

    Raises Invalid, NotAllowed.
    """
    if kind not in PACKET_KINDS:
        raise Invalid({"kind": say("Pilih paket lengkap atau paket untuk kantor perizinan.")})
    require(by, PACKET_ACTIONS[kind], case)
    latest = latest_packets(case, [kind]).get(kind)
    if latest is not None and (latest.is_waiting or _holds_the_same(latest, case)):
        return latest
    assert by.actor_id is not None
    packet = Packet(case_id=case.id, kind=kind, by_id=by.actor_id, asked_at=clock.now())
    db.session.add(packet)
    db.session.flush()
    about = Subject("packet", packet.id)
    record("packet.asked", by=by, case=case, subject=about, packet_kind=kind)
    return packet


def _holds_the_same(packet: Packet, case: Case) -> bool:
    """Whether a packet was made of what the case holds now, and its bytes are right as far as is known."""
    return (
        packet.file is not None
        and packet.file.broken_at is None
        and packet.fingerprint == contents_of(case, packet.kind).fingerprint
    )


@command("packet.licensing", about="case")
def record_download(packet: Packet, *, by: Actor, case: Case) -> None:
    """Somebody takes a packet along. To be called before its bytes leave. Raises NotAllowed."""
    require(by, PACKET_ACTIONS[packet.kind], case)
    assert packet.file is not None
    record(
        "packet.downloaded",
        by=by,
        case=case,
        subject=Subject("packet", packet.id),
        packet_kind=packet.kind,
        sha256=packet.file.sha256,
    )


@system_only
def make_packet(id: int) -> str:
    """Make the zip of a packet. Answers its state. To be called outside of a transaction.

    Raises LayoutRefused, OSError; the packet then waits for another try.
    """
    with transaction():
        contents = _fix_contents(id)
    with reading():
        packet, case = load_unmade(id)
        if contents is None:
            return packet.state
        items = with_index(packet, case, contents)
    number, name = tempfile.mkstemp(dir=storage().workshop())
    os.close(number)
    try:
        kept = _zip(id, Path(name), items)
    except BrokenFile as broken:
        with transaction():
            _fail(id, name=str(broken))
        return "failed"
    finally:
        Path(name).unlink(missing_ok=True)
    with transaction():
        _finish(id, kept, files=len(items))
    return "made"


def _fix_contents(id: int) -> Contents | None:
    """Fix what a packet holds. None when there is nothing to make, or not yet."""
    packet, case = load_unmade(id, for_update=True)
    if not packet.is_waiting:
        return None
    contents = contents_of(case, packet.kind)
    if contents.waiting and packet.asked_at > clock.now() - WAITS_FOR_FILES:
        return None
    _pin(packet, contents)
    if (same := same_packet(packet, contents.fingerprint)) is not None and same.file is not None:
        _settle(packet, case, same.file.id, sha256=same.file.sha256, files=same.done)
        return None
    return contents


def _pin(packet: Packet, contents: Contents) -> None:
    """Remember of what and as of which event a packet is made: the next try then makes the same bytes."""
    if packet.fingerprint != contents.fingerprint:
        packet.fingerprint, packet.head_id = contents.fingerprint, last_sealed()
    packet.done, packet.total = 0, len(contents.items) + _ADDED


def _zip(id: int, path: Path, items: Sequence[PacketItem]) -> KeptBytes:
    leave_room(path.parent, bytes_needed(items))

    def told(done: int) -> None:
        if done % _TOLD_EACH == 0:
            with transaction():
                db.session.get_one(Packet, id).done = done

    write_zip(path, items, told=told)
    return keep_file(path, kind=ZIP)


def _finish(id: int, kept: KeptBytes, *, files: int) -> None:
    packet, case = load_unmade(id, for_update=True)
    if packet.is_waiting:  # else somebody else was quicker, with the same bytes
        _settle(packet, case, add_file(kept).id, sha256=kept.sha256, files=files)


def _settle(packet: Packet, case: Case, file_id: int, *, sha256: str, files: int) -> None:
    packet.file_id, packet.made_at = file_id, clock.now()
    packet.done = packet.total = files
    record(
        "packet.made",
        by=SYSTEM,
        case=case,
        subject=Subject("packet", packet.id),
        packet_kind=packet.kind,
        sha256=sha256,
        files=files,
    )


def _fail(id: int, *, name: str) -> None:
    """A stored file is gone or changed: the packet cannot be made until it is put back."""
    packet, case = load_unmade(id, for_update=True)
    problem = say(
        "Berkas {name} hilang atau berubah di penyimpanan. Admin perlu memulihkannya dari cadangan; "
        "sesudah itu buat paket sekali lagi.",
        name=name,
    )
    packet.failed_at, packet.problem = clock.now(), problem.stored()
    record(
        "packet.failed",
        by=SYSTEM,
        case=case,
        subject=Subject("packet", packet.id),
        packet_kind=packet.kind,
        why=problem,
    )
