"""The cast: the same invented people in every test, one per role and a second where two are needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from compliance.core import clock
from compliance.core.db import db, transaction
from compliance.office.models import Setting
from compliance.office.queries import find_office
from compliance.people.commands.users import add_user
from compliance.policy import SYSTEM
from tests.browser import PASSWORD

PEOPLE = {
    "ina": ("Ina Contoh", "inspector", None),
    "budi": ("Budi Misal", "inspector", None),
    "sari": ("Sari Umpama", "supervisor", None),
    "tika": ("Tika Andai", "compliance", None),
    "lia": ("Lia Misal", "licensing", "ptsp-53.71"),  # Kota Kupang
    "yos": ("Yos Contoh", "licensing", "ptsp-53.08"),  # Kab. Ende
    "eda": ("Eda Umpama", "licensing", "ptsp-53"),  # the province
    "adi": ("Adi Andai", "admin", None),
}


RULED_OUT: dict[str, Any] = {"second_factor_for": "nobody", "unused_days": 0}
"""The office of the tests wants no second factor and locks no account, so that years may pass in a test."""


@dataclass(frozen=True)
class Cast:
    """The ids of the cast, so that each test loads them in its own session."""

    ids: dict[str, int]

    def email(self, who: str) -> str:
        return f"{who}@contoh.example"


def hire() -> Cast:
    """Add the whole cast to an empty store, with the settings RULED_OUT."""
    ids = {}
    with transaction():
        for key, value in RULED_OUT.items():
            db.session.add(Setting(key=key, value=value, changed_at=clock.now()))
        for who, (name, role, office) in PEOPLE.items():
            user = add_user(
                by=SYSTEM,
                email=f"{who}@contoh.example",
                name=name,
                role=role,
                office=find_office(office) if office else None,
                password=PASSWORD,
                phone="0380-000-000",
            )
            ids[who] = user.id
    return Cast(ids)
