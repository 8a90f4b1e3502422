"""Reads of packets, and what is in one. Loading authorises: who may have the kind of packet of this case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.orm import aliased, selectinload

from compliance.cases.models import Case
from compliance.cases.queries import LICENSING_HEARS, load_case
from compliance.core.db import db
from compliance.core.errors import NotFound
from compliance.core.events import GENESIS, Event
from compliance.core.keyset import is_id
from compliance.core.text import Text, say
from compliance.evidence.models import Evidence
from compliance.evidence.queries import evidence_of
from compliance.evidence.subjects import subjects_of
from compliance.files.models import StoredFile
from compliance.letters.kinds import LETTER_NAMES
from compliance.letters.models import Letter
from compliance.letters.packets import rules
from compliance.letters.packets.models import UNMADE, Packet
from compliance.letters.packets.rules import (
    FULL_PACKET,
    LICENSING_PACKET,
    PACKET_ACTIONS,
    PacketItem,
)
from compliance.letters.queries import latest_order, letters_of
from compliance.letters.rules import words_on_paper
from compliance.licensing.rules import OBLIGATIONS, obligation_of
from compliance.office.settings import office_settings
from compliance.policy import SYSTEM, Actor, may, require

_OF_TWO = {
    "": " (sebelum ditandatangani)",
    "-signed": " (yang ditandatangani)",
    "clean": " (salinan tanpa data perangkat)",
    "original": " (berkas asli)",
}
"""What tells two files of one letter or photo apart, by what is added to their names."""
WITH_VISITS = (selectinload(Case.visits),)


def kinds_for(by: Actor, case: Case) -> list[str]:
    """The kinds of packet of this case that `by` may have."""
    return [kind for kind, action in PACKET_ACTIONS.items() if may(by, action, case)]


def case_for_packets(
    by: Actor,
    *,
    kind: str | None = None,
    id: int | None = None,
    number: str | None = None,
    for_update: bool = False,
) -> Case:
    """A case of which `by` may have a packet (of this kind). Raises NotFound, NotAllowed."""
    if number is None and not (id and is_id(id)):
        raise NotFound()
    case = load_case(
        by,
        id=id,
        number=number,
        action=PACKET_ACTIONS[LICENSING_PACKET],
        for_update=for_update,
        also=WITH_VISITS,
    )
    if kind is not None:
        require(by, PACKET_ACTIONS[kind], case)
    return case


def latest_packets(case: Case, kinds: Sequence[str]) -> Mapping[str, Packet]:
    """The packet of each kind that was asked for last."""
    last = (
        sa.select(sa.func.max(Packet.id))
        .where(Packet.case_id == case.id, Packet.kind.in_(kinds))
        .group_by(Packet.kind)
    )
    packets = db.session.scalars(sa.select(Packet).where(Packet.id.in_(last)).order_by(Packet.id))
    return {packet.kind: packet for packet in packets}


def latest_packet(case: Case, kinds: Sequence[str]) -> Packet:
    """The packet that was asked for last, of any of these kinds. Raises NotFound."""
    packets = list(latest_packets(case, kinds).values())
    if not packets:
        raise NotFound()
    return packets[-1]


def is_current(packet: Packet) -> bool:
    """Whether a packet still holds what the case holds: what was withdrawn since, leaves no office again."""
    case = load_case(SYSTEM, id=packet.case_id, also=WITH_VISITS)
    return packet.fingerprint == contents_of(case, packet.kind).fingerprint


def unmade_packets(*, limit: int) -> Sequence[int]:
    """The packets that are still to be made, oldest first."""
    query = sa.select(Packet.id).where(sa.text(UNMADE)).order_by(Packet.id).limit(limit)
    return db.session.scalars(query).all()


def same_packet(packet: Packet, fingerprint: str) -> Packet | None:
    """A packet that was made of the same contents and whose bytes are right, as far as is known."""
    query = (
        sa.select(Packet)
        .join(StoredFile, StoredFile.id == Packet.file_id)
        .where(
            Packet.case_id == packet.case_id,
            Packet.kind == packet.kind,
            Packet.fingerprint == fingerprint,
            StoredFile.broken_at.is_(None),
        )
    )
    return db.session.scalars(query.order_by(Packet.id.desc()).limit(1)).first()


@dataclass(frozen=True)
class Contents:
    """What a packet of a case holds now. `waiting` counts letters and photos that are still being made."""

    items: tuple[PacketItem, ...]
    last_event: str
    """The hash of the last event that it tells: all before it are sealed by it."""
    waiting: int

    @property
    def fingerprint(self) -> str:
        """The same for the same contents."""
        facts = [rules.PACKET_FORMAT, self.last_event, [item.as_fact() for item in self.items]]
        return sha256(rules.written_json(facts, indent=None)).hexdigest()


def contents_of(case: Case, kind: str) -> Contents:
    """All that a packet holds besides its index and its events, in order. Loads nothing of the files."""
    letters = [letter for letter in _letters_about(case) if _is_for(kind, letter)]
    evidence = [one for one in evidence_of(SYSTEM, case) if _belongs(kind, one)]
    waiting = sum(letter.file is None for letter in letters)
    waiting += sum(one.is_waiting for one in evidence)
    last = _last_told(case, kind)
    as_of = last.at.isoformat() if last else case.created_at.isoformat()
    items = (
        *_summaries(case, kind, as_of, letters),
        *_letters(letters),
        *_evidence(case, evidence, kind),
    )
    return Contents(items, last.hash if last else "", waiting)


def _letters_about(case: Case) -> Sequence[Letter]:
    """The letters of a case, and first the order to inspect that came before there was a case."""
    order = (
        latest_order(case.company, visit_on=case.nota.inspected_on)
        if case.nota is not None
        else None
    )
    return (
        [order, *letters_of(case)]
        if order is not None and order.case_id is None
        else letters_of(case)
    )


def _is_for(kind: str, letter: Letter) -> bool:
    if not letter.is_issued:
        return False  # a draft is no letter, and one that was withdrawn as a draft never was
    return kind == FULL_PACKET or (
        letter.holds_for_licensing
        and _classification(letter) != rules.PACKET_CLASSES[rules.CONFIDENTIAL_CLASS]
    )


def _belongs(kind: str, evidence: Evidence) -> bool:
    return kind == FULL_PACKET or rules.evidence_is_shared(evidence)


def _classification(letter: Letter) -> str:
    return str(letter.facts.get("classification", ""))


def _summaries(
    case: Case, kind: str, as_of: str, letters: Sequence[Letter]
) -> Iterator[PacketItem]:
    """What is written for the packet, as of its last event: the case and, in full, its receipts."""
    missing = {
        str(OBLIGATIONS[obligation_of(finding.violation.norm_group)]): None
        for finding in case.open_findings
    }
    facts = rules.facts_of_case(case, kind=kind, obligations=list(missing))
    yield made_item("case.json", "Ringkasan kasus", rules.written_json(facts), kind, as_of)
    if kind == FULL_PACKET:
        receipts = rules.written_json(rules.receipts_of(case, letters))
        yield made_item("receipts.json", "Tanda terima nota", receipts, kind, as_of)


def made_item(name: str, title: str, content: bytes, kind: str, on: str) -> PacketItem:
    """A file that is written for the packet."""
    return PacketItem(
        name=name,
        kind=name.partition(".")[0],
        title=title,
        on=on,
        source=office_settings().office_name,
        class_=rules.CONFIDENTIAL_CLASS if kind == FULL_PACKET else rules.OPEN_CLASS,
        sha256=sha256(content).hexdigest(),
        size=len(content),
        content=content,
    )


def _letters(letters: Sequence[Letter]) -> Iterator[PacketItem]:
    for at, letter in enumerate(letters, start=1):
        files = list(files_of_letter(letter))
        for suffix, file in files:
            secret = _classification(letter) == rules.PACKET_CLASSES[rules.CONFIDENTIAL_CLASS]
            yield PacketItem(
                name=f"letters/{at:03}-{letter.kind}-v{letter.version}{suffix}{file.ending}",
                kind="letter",
                title=f"{LETTER_NAMES[letter.kind]} {letter.number or ''}".strip()
                + (_OF_TWO[suffix] if len(files) > 1 else ""),
                on=letter.issued_on.isoformat(),
                source=office_settings().office_name,
                class_=rules.CONFIDENTIAL_CLASS if secret else rules.OPEN_CLASS,
                sha256=file.sha256,
                size=file.size,
                more={"letter_kind": letter.kind, "state": letter.status, "id": letter.id},
            )


def files_of_letter(letter: Letter) -> Iterator[tuple[str, StoredFile]]:
    """The files of a letter, with what is added to its name: as it was set here, and as it was signed."""
    if letter.file is not None:
        yield "", letter.file
    if letter.signed_file is not None:
        yield "-signed", letter.signed_file


def _evidence(case: Case, evidence: Sequence[Evidence], kind: str) -> Iterator[PacketItem]:
    names = subjects_of(case)
    for at, one in enumerate(evidence, start=1):
        files = list(_files_of_evidence(one, kind))
        for suffix, file in files:
            about = f"{one.about_kind}:{one.about_id}"
            yield PacketItem(
                name=f"evidence/{at:04}-{suffix}{file.ending}",
                kind=f"evidence.{suffix}",
                title=_title(one, names.get(about), kind)
                + (_OF_TWO[suffix] if len(files) > 1 else ""),
                on=one.added_at.isoformat(),
                source=one.by.name,
                class_=one.class_,
                sha256=file.sha256,
                size=file.size,
                more=_said_of(one, about)
                if kind == FULL_PACKET
                else {"id": one.id, "about": about},
            )


def _files_of_evidence(one: Evidence, kind: str) -> Iterator[tuple[str, StoredFile]]:
    """The clean copy and, in full, the bytes as they were sent; of a PDF both are the same file."""
    if one.clean is not None and one.clean_id != one.file_id:
        yield "clean", one.clean
    if kind == FULL_PACKET or one.clean_id == one.file_id:
        yield "original", one.file


def _title(one: Evidence, about: Text | None, kind: str) -> str:
    """What a piece of evidence is called; the name on the device is told in full packets only."""
    name = one.note or (one.name if kind == FULL_PACKET else str(say("Bukti")))
    return f"{name}, {words_on_paper(about)}" if about else name


def _said_of(one: Evidence, about: str) -> dict[str, object]:
    """What was said of a piece of evidence; what the device says is a claim."""
    return {
        "id": one.id,
        "about": about,
        "name_on_device": one.name,
        "as_taken": one.original,
        "claims": {"taken_at": one.taken_at, "position": one.position},
        "unreadable": one.unreadable_at is not None,
        "taken_back_because": one.withdrawn_because,
    }


def _told(case_id: int, kind: str) -> sa.ColumnElement[bool]:
    """The condition on events that a packet of this kind tells."""
    of_case = Event.case_id == case_id
    if kind == LICENSING_PACKET:
        return sa.and_(of_case, Event.kind.in_(LICENSING_HEARS))
    return sa.and_(of_case, ~Event.kind.startswith(rules.PACKET_EVENTS, autoescape=True))


def _last_told(case: Case, kind: str) -> Event | None:
    query = sa.select(Event).where(_told(case.id, kind)).order_by(Event.id.desc()).limit(1)
    return db.session.scalars(query).first()


def told_events(packet: Packet) -> list[tuple[Event, str]]:
    """The events that a packet tells, oldest first, each with the hash of the one before it in the log."""
    before = aliased(Event)
    query = (
        sa.select(Event, before.hash)
        .outerjoin(before, before.id == Event.id - 1)
        .where(_told(packet.case_id, packet.kind), Event.id <= packet.head_id)
        .order_by(Event.id)
    )
    return [(event, hash or GENESIS) for event, hash in db.session.execute(query)]


def load_unmade(id: int, *, for_update: bool = False) -> tuple[Packet, Case]:
    """A packet and its case, for the job; the case is locked before anything is written about it."""
    packet = db.session.get_one(Packet, id)
    case = load_case(SYSTEM, id=packet.case_id, for_update=for_update, also=WITH_VISITS)
    if for_update:
        db.session.refresh(packet)  # somebody may have changed it before the case was locked
    return packet, case
