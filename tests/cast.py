"""The cast: the same invented people in every test, one per role and a second where two are needed."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True)
class Cast:
    """The ids of the cast, so that each test loads them in its own session."""

    ids: dict[str, int]

    def email(self, who: str) -> str:
        return f"{who}@contoh.example"


def hire() -> Cast:
    """Add the whole cast to an empty store, in an office that wants no second factor of anybody."""
    ids = {}
    with transaction():
        off = Setting(key="second_factor_for", value="nobody", changed_at=clock.now())
        db.session.add(off)
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
