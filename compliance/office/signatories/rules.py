"""The capacity in which a person signs, and the lines above the signature. Pure functions."""

from __future__ import annotations

import re

from compliance.core.errors import Invalid
from compliance.core.text import say

DEFINITIVE, PLT, PLH, AN = ("definitive", "plt", "plh", "an")
CAPACITIES = {
    DEFINITIVE: say("Pejabat definitif"),
    PLT: say("Plt. (pelaksana tugas: jabatannya kosong)"),
    PLH: say("Plh. (pelaksana harian: pejabatnya berhalangan)"),
    AN: say("a.n. (atas nama: diberi mandat menandatangani)"),
}
_BEFORE_TITLE = {PLT: "Plt. ", PLH: "Plh. "}
_TYPED_BEFORE = re.compile(r"(plt|plh|a\.?\s?n)\.?\s+", re.IGNORECASE)


def read_title(title: str, capacity: str) -> tuple[str, str]:
    """The title without an abbreviation before it, and the capacity: "Plt. Kepala Dinas" says its own.

    Raises Invalid when the abbreviation and the chosen capacity differ.
    """
    typed = _TYPED_BEFORE.match(title)
    if typed is None:
        return title, capacity
    said = AN if typed[1].casefold().startswith("a") else typed[1].casefold()
    if capacity not in (DEFINITIVE, said):
        raise Invalid({"capacity": say("Jabatan dan kedudukan tidak cocok. Pilih salah satu.")})
    return title[typed.end() :], said


def titles_of(title: str, capacity: str, on_behalf_of: str | None) -> tuple[str, ...]:
    """The lines above a signature: Plt. Kepala Dinas; or a.n. Kepala Dinas, and below it Sekretaris."""
    if capacity == AN and on_behalf_of:
        return f"a.n. {on_behalf_of}", f"{title},"
    before = _BEFORE_TITLE.get(capacity, "")
    if title.casefold().startswith(before.casefold()):
        before = ""  # rows of before have it in their title
    return (f"{before}{title},",)
