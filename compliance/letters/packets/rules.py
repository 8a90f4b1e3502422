"""What a packet holds, what of it a licensing office may read, and how its files are called.

The nota is Rahasia: a packet for licensing holds no letter about findings, no finding, no evidence but the
proof that a licensing record rests on, and of the events only those that licensing hears of anyway, without
reasons (decision 33). Pure functions.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from compliance.core.text import say

PACKET_FORMAT = "patuh-packet-1"
PACKET_KINDS = {
    "full": say("Lengkap: untuk Kadis atau pengadilan"),
    "licensing": say("Untuk kantor perizinan"),
}
FULL_PACKET, LICENSING_PACKET = PACKET_KINDS
PACKET_ACTIONS = {FULL_PACKET: "packet.full", LICENSING_PACKET: "packet.licensing"}
"""What somebody must be allowed who asks for a packet, or reads it."""
EVIDENCE_FOR_LICENSING = ("flag",)
"""Kinds of subjects whose evidence a licensing office may read: the proof that lifts a record."""
FACTS_FOR_LICENSING = ("effective_on", "due_on", "level", "since_on", "offices", "review_on")
"""Facts of events that a licensing office may read."""
PACKET_EVENTS = "packet."
"""How the kinds of events begin that are about packets: no packet tells of packets."""
PACKET_CLASSES = {"confidential": "Rahasia", "restricted": "Terbatas", "normal": "Biasa"}
CONFIDENTIAL_CLASS, _RESTRICTED, OPEN_CLASS = PACKET_CLASSES


@dataclass(frozen=True)
class PacketItem:
    """One file of a packet. `name` is what it is called in the zip, `on` its day or instant (ISO 8601).

    `content` holds what is made for the packet; any other file is stored under its `sha256`.
    """

    name: str
    kind: str
    title: str
    on: str
    source: str
    class_: str
    sha256: str
    size: int
    more: Mapping[str, Any] = field(default_factory=dict)
    content: bytes | None = field(default=None, repr=False)

    def as_fact(self) -> dict[str, Any]:
        """The item as the index tells of it."""
        return {
            "name": self.name,
            "kind": self.kind,
            "title": self.title,
            "date": self.on,
            "source": self.source,
            "class": self.class_,
            "sha256": self.sha256,
            "size": self.size,
            **self.more,
        }


def evidence_is_shared(evidence: Any) -> bool:
    """Whether a packet for licensing holds the clean copy of a piece of evidence."""
    return (
        evidence.about_kind in EVIDENCE_FOR_LICENSING
        and not evidence.is_restricted
        and evidence.withdrawn_at is None
    )


def _plain(value: Any) -> Any:
    """A day or an instant as JSON holds it."""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    raise TypeError(f"{value!r} is no JSON")


def written_json(facts: Any, *, indent: int | None = 1) -> bytes:
    """Facts as JSON, the same bytes for the same facts."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, indent=indent, default=_plain)
    return text.encode()


def facts_of_case(case: Any, *, kind: str, obligations: Sequence[str]) -> dict[str, Any]:
    """What `case.json` says: to licensing what its page of the case says, else all of it."""
    nota, company = case.nota, case.company
    shared = {
        "number": case.number,
        "state": case.status,
        "company": {
            "name": company.name,
            **{name: getattr(company, name) for name in ("nib", "npwp", "npp", "region_code")},
        },
        "inspector": case.inspector.name,
        "notas": [{"number": nota.number, "issued_on": nota.issued_on}],
        "recheck_on": case.effective_on,
        "resolved_on": case.resolved_on,
        "withdrawn_on": case.withdrawn_on,
        "disputed_since": case.disputed_since,
        "obligations": list(obligations),
    }
    if kind == LICENSING_PACKET:
        return shared
    return {
        **shared,
        "company": {**shared["company"], "address": company.address},
        "workers_total": case.workers_total,
        "workers_registered": case.workers_registered,
        "notas": [_facts_of(nota, _OF_NOTA) for nota in case.notas],
        "findings": [_finding(finding) for finding in case.findings],
        "visits": [_facts_of(visit, _OF_VISIT) for visit in case.visits],
    }


_OF_NOTA = (
    "kind", "number", "inspected_on", "issued_on", "conveyed_on", "company_name", "workers_total",
    "workers_registered", "place", "met", "note",
)  # fmt: skip
_OF_FINDING = (
    "id", "position", "note", "programmes", "workers_affected", "deadline_days", "deadline_day_type",
    "deadline_on", "fixed_on",
)  # fmt: skip
_OF_VISIT = (
    "id", "visited_on", "outcome", "workers_total", "workers_registered", "not_met_reason", "proof", "note",
    "undone_at", "recorded_at",
)  # fmt: skip


def _facts_of(row: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _finding(finding: Any) -> dict[str, Any]:
    violation = finding.violation
    return {
        **_facts_of(finding, _OF_FINDING),
        **{name: getattr(violation, name) for name in ("code", "title", "legal_basis", "order")},
    }


def receipts_of(case: Any, letters: Sequence[Any]) -> dict[str, Any]:
    """Who received which nota and when, which starts the deadlines; every attempt to hand over a letter."""
    return {
        "notas": [_receipt(case, nota) for nota in case.notas if nota.received_on is not None],
        "letters": [
            {"letter": letter.id, "number": letter.number, **_facts_of(delivery, _OF_DELIVERY)}
            for letter in letters
            for delivery in letter.deliveries
        ],
    }


def _receipt(case: Any, nota: Any) -> dict[str, Any]:
    deadlines = {
        finding.id: finding.deadline_on for finding in case.findings if finding.nota_id == nota.id
    }
    return {
        "number": nota.number,
        "received_on": nota.received_on,
        "received_by": nota.received_by,
        "deadlines": [{"finding": id, "on": day} for id, day in deadlines.items()],
    }


_OF_DELIVERY = (
    "how", "served_on", "receiver", "receiver_position", "witness", "counts", "why_not", "restart_deadlines",
    "recorded_at",
)  # fmt: skip


def fact_of_event(event: Any, *, before: str, kind: str) -> dict[str, Any]:
    """An event as `events.json` tells it.

    In full every column that its seal covers, with the hash `before` it, so that the hash can be computed
    again; to licensing its kind, day and place in the chain.
    """
    place = {"id": event.id, "at": event.at, "kind": event.kind, "hash": event.hash}
    if kind == LICENSING_PACKET:
        data = {name: event.data[name] for name in FACTS_FOR_LICENSING if name in event.data}
        return {**place, "data": data}
    origin = [event.channel, event.token_id, event.token_name]
    return {
        **place,
        "previous": before,
        "mac": event.mac,
        **_facts_of(event, _SEALED),
        "origin": origin if any(fact is not None for fact in origin) else None,
    }


_SEALED = (
    "actor_id", "actor_name", "case_id", "company_id", "subject", "reason", "data", "seen_version",
)  # fmt: skip
