"""To whom a letter goes, and who gets a copy of it: companies, licensing offices, heads of regions. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from compliance.core.parsing import clean_line
from compliance.letters.kinds.matter import Matter, company_name, corrected
from compliance.reference.regions import find_region, province_of

_MOST_LINES = 3
MINISTER = "Menteri Ketenagakerjaan di Jakarta"
BPJS_BRANCH = "Kepala Kantor Cabang BPJS Ketenagakerjaan"


def to_company(matter: Matter) -> list[str]:
    """The addressee line by line. Where the address names no regency or city, it is added."""
    company = matter.company
    lines = _lines(corrected(matter, "address") or company.address)
    place = find_region(company.region_code or "")
    if place is not None and not _hold(lines, place.long_name, place.name):
        lines.append(place.long_name)
    return [f"Yth. Pimpinan {company_name(matter)}", *lines]


def _hold(lines: list[str], *names: str) -> bool:
    written = _plain(", ".join(lines))
    return any(_plain(name) in written for name in names)


def _plain(words: str) -> str:
    return (clean_line(words.replace(".", " ")) or "").casefold()


def to_licensing_office(matter: Matter) -> list[str]:
    office = _office_of(matter)
    if office is None:
        return ["Yth. Kepala DPMPTSP"]
    return [f"Yth. Kepala {office.name}", *_lines(office.address)]


def _office_of(matter: Matter) -> Any | None:
    return addressed_office(matter.offices, matter.options.get("office"))


def addressed_office(offices: Sequence[Any], wanted: str | None) -> Any | None:
    """The licensing office with the code that is `wanted`; else that of the regency, which is the last."""
    chosen = next((office for office in offices if office.code == wanted), None)
    return chosen or (offices[-1] if offices else None)


def _lines(address: str | None) -> list[str]:
    return [line.strip() for line in (address or "").splitlines() if line.strip()][:_MOST_LINES]


def head_of_its_region(matter: Matter) -> str:
    """The head of where the addressed office lies; without an office, the governor."""
    office = _office_of(matter)
    return head_of_region(office.region_code if office is not None else matter.region_code)


def governor_of(matter: Matter) -> str:
    return head_of_region(province_of(matter.region_code))


def head_of_region(code: str) -> str:
    """Governor, regent or mayor with the place: papers name the post, never a person."""
    place = find_region(code)
    name = place.long_name if place is not None else ""
    if name.startswith("Kota "):
        return f"Wali {name}"
    if name.startswith("Kabupaten "):
        return f"Bupati {name.removeprefix('Kabupaten ')}"
    return f"Gubernur {name.removeprefix('Provinsi ')}".strip()


def copies_of_nota() -> list[str]:
    """Who gets a copy of a nota. A nota is confidential, and no licensing office reads its findings: what
    such an office is told stands in the cover letter (decision 40).
    """
    return [MINISTER, "Direktur Jenderal Pembinaan Pengawasan Ketenagakerjaan dan K3 di Jakarta"]
