"""Companies in the search of everything."""

from __future__ import annotations

from flask import url_for

from compliance.companies.identity.kinds import NUMBERS, SHOWN
from compliance.companies.queries import Match, find_matches
from compliance.core.text import Text, say
from compliance.policy import Actor
from compliance.reference.regions import region_name
from compliance.web.search import Hit


def matching_companies(_by: Actor, typed: str, limit: int) -> list[Hit]:
    """Companies by any number or any name, the likeliest first."""
    return [
        Hit(
            match.company.name,
            url_for("companies.show", id=match.company.id),
            tuple(_notes(match)),
        )
        for match in find_matches(typed, limit=limit)
    ]


def _notes(match: Match) -> list[Text | str]:
    """The other name that matched, the regency, and the first number that the company bears."""
    notes: list[Text | str] = [region_name(match.company.region_code)]
    if match.other_name and match.other_kind == "former":
        notes.insert(0, say("dahulu bernama {name}", name=match.other_name))
    elif match.other_name:
        notes.insert(0, say("dikenal juga sebagai {name}", name=match.other_name))
    for kind, label in NUMBERS.items():
        if stored := getattr(match.company, kind):
            return [*notes, f"{label} {SHOWN[kind](stored)}"]
    return notes
