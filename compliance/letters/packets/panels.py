"""What packets show on the pages of a case: a button for each kind, how far it is, the zip."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask_login import current_user

from compliance.cases.models import Case
from compliance.core import clock
from compliance.letters.packets.commands import WAITS_FOR_FILES
from compliance.letters.packets.queries import kinds_for, latest_packets
from compliance.letters.packets.rules import PACKET_KINDS
from compliance.policy import Actor, scope

_MADE_WITHIN = timedelta(minutes=15)
"""Something is wrong when a packet that waits for no file takes longer."""


def packets_of_case(case: Case, by: Actor) -> Mapping[str, Any] | None:
    """The panel on the page of the case's evidence."""
    kinds = kinds_for(by, case)
    if not kinds:
        return None
    packets = latest_packets(case, kinds)
    return {
        "template": "letters/packets.html",
        "case": case,
        "kinds": [(kind, PACKET_KINDS[kind], packets.get(kind)) for kind in kinds],
        "late_before": clock.now() - WAITS_FOR_FILES - _MADE_WITHIN,
        "waiting": any(packet.is_waiting for packet in packets.values()),
    }


def packet_for_licensing(case: Case) -> Mapping[str, Any]:
    """For a licensing office, which opens no page of evidence: the same on the page of the case."""
    if scope(current_user, "evidence.read") is not None or not case.number:
        return {}
    return {"packet_part": packets_of_case(case, current_user)}
