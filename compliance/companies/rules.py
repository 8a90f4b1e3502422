"""What may be known of a company: its facts, and the form in which they are stored. Pure.

Refuses with every field that will not do, each with the sentence that says what to type instead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from compliance.companies import identity
from compliance.companies.names import LONGEST_NAME, clean_name, parted_name
from compliance.core.errors import Invalid
from compliance.core.parsing import LARGEST_COUNT, Unreadable, clean_line, clean_lines, too_long
from compliance.core.text import Text, say
from compliance.reference.provinces import Province
from compliance.reference.regions import district_called, districts_of, region_name

SCALES = {
    "micro": say("Mikro"),
    "small": say("Kecil"),
    "medium": say("Menengah"),
    "large": say("Besar"),
}
LONGEST = {"address": 500, "phone": 60, "email": 254, "scale_evidence": 200}
MOST_ALIASES = 50
MOST_NPWPS = 50
LONGEST_QUOTED_DISTRICT = 60
KBLI_VERSION = 2025


@dataclass(frozen=True)
class CompanyFacts:
    """What is known of a company, as typed. Numbers may have any punctuation; the district may be its name.

    `other_npwps` are those of branches, beside the main one. `former_names` are only ever added to.
    """

    name: str = ""
    region_code: str = ""
    district_code: str | None = None
    nib: str | None = None
    npwp: str | None = None
    npp: str | None = None
    kbli: str | None = None
    scale: str | None = None
    scale_evidence: str | None = None
    address: str | None = None
    phone: str | None = None
    email: str | None = None
    workers_total: int | None = None
    aliases: tuple[str, ...] = ()
    other_npwps: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()

    @property
    def other_names(self) -> tuple[str, ...]:
        """The names beside the current one: aliases and former ones."""
        return (*self.aliases, *self.former_names)


MANY = ("aliases", "other_npwps", "former_names")
"""The facts that a company has several of."""


def with_former_names(facts: CompanyFacts) -> CompanyFacts:
    """The facts with the former names that the typed name states ("… (dahulu …)") beside it."""
    parted = parted_name(facts.name)
    return replace(facts, name=parted.name, former_names=(*facts.former_names, *parted.former))


def checked_facts(facts: CompanyFacts, province: Province) -> CompanyFacts:
    """The facts of a company in `province`, in the form in which they are stored. Raises Invalid with every
    field that will not do.
    """
    problems: dict[str, Text] = {}
    clean = {
        **_read_identity(facts, problems),
        **_read_aliases(facts, problems),
        **_read_other_npwps(facts, problems),
        **_read_classification(facts, province, problems),
        **_read_contact(facts, problems),
    }
    if problems:
        raise Invalid(problems, details=_details(facts, problems))
    return replace(facts, **clean)


def _details(facts: CompanyFacts, problems: Mapping[str, Text]) -> dict[str, Mapping[str, str]]:
    """What programs are told of numbers that will not do."""
    return {
        kind: identity.read_number(getattr(facts, kind), kind).details
        for kind in identity.NUMBERS
        if kind in problems
    }


Problems = dict[str, Text]
"""Why fields will not do, by field. Each step below reads some fields and adds to it."""


def _read_identity(facts: CompanyFacts, problems: Problems) -> dict[str, Any]:
    """The name and the main numbers."""
    clean: dict[str, Any] = {}
    for field, read in (("name", clean_name), *identity.NORMALISERS.items()):
        try:
            clean[field] = read(getattr(facts, field))
        except Unreadable as error:
            problems[field] = error.reason
    return clean


def _read_aliases(facts: CompanyFacts, problems: Problems) -> dict[str, Any]:
    """The names beside the current one, each once."""
    aliases: dict[str, None] = {}
    try:
        aliases = dict.fromkeys(clean_name(alias) for alias in facts.aliases if alias.strip())
    except Unreadable as error:
        problems["aliases"] = error.reason
    if len(facts.aliases) > MOST_ALIASES:
        problems["aliases"] = say("Paling banyak {count} nama lain", count=MOST_ALIASES)
    for name in facts.former_names:
        if reason := too_long(name, LONGEST_NAME):
            problems["name"] = reason
    return {"aliases": tuple(aliases), "former_names": tuple(dict.fromkeys(facts.former_names))}


def _read_other_npwps(facts: CompanyFacts, problems: Problems) -> dict[str, Any]:
    """The further NPWPs, each once and without the main one."""
    npwps: dict[str, None] = {}
    for typed in facts.other_npwps:
        reading = identity.read_number(typed, "npwp")
        npwps.update(dict.fromkeys(number.stored for number in reading.numbers))
        if reading.problem is not None and not reading.is_filler:
            problems.setdefault("other_npwps", reading.problem)
    if len(facts.other_npwps) > MOST_NPWPS:
        problems["other_npwps"] = say("Paling banyak {count} NPWP lain", count=MOST_NPWPS)
    for number in identity.read_number(facts.npwp, "npwp").numbers:
        npwps.pop(number.stored, None)
    return {"other_npwps": tuple(npwps)}


def remarks_on_numbers(facts: CompanyFacts) -> list[Text]:
    """What somebody should know about how the numbers of `facts`, as typed, are stored. Fillers are not."""
    remarks = [
        remark
        for kind in identity.NUMBERS
        for remark in identity.remarks_on(kind, getattr(facts, kind))
    ]
    others = (identity.remarks_on("npwp", typed) for typed in facts.other_npwps)
    return remarks + [remark for said in others for remark in said]


def _read_classification(
    facts: CompanyFacts, province: Province, problems: Problems
) -> dict[str, Any]:
    """Where the company is, what it does, and how large it is."""
    region_code, kbli = facts.region_code.strip(), (facts.kbli or "").strip()
    if region_code == province.code or not province.has_region(region_code):
        problems["region_code"] = say(
            "Pilih kabupaten atau kota, misalnya {name} ({code})",
            name=province.example.name,
            code=province.example.code,
        )
    district_code = read_district(facts.district_code, region_code, problems)
    if kbli and not re.fullmatch(r"[0-9]{5}", kbli):
        problems["kbli"] = say("KBLI terdiri dari 5 angka")
    if facts.scale and facts.scale not in SCALES:
        problems["scale"] = say("Skala usaha: mikro, kecil, menengah, atau besar")
    if facts.workers_total is not None and not 0 <= facts.workers_total <= LARGEST_COUNT:
        problems["workers_total"] = say("Isi jumlah pekerja, misalnya 25")
    return {
        "region_code": region_code,
        "district_code": district_code,
        "kbli": kbli or None,
        "scale": facts.scale or None,
    }


def read_district(typed: str | None, region_code: str, problems: Problems) -> str | None:
    """The code of the district that was typed, by its code or its name, within a regency; adds to `problems`
    why it will not do.
    """
    line = clean_line(typed)
    if line is None:
        return None
    district = district_called(line, region_code)
    if district is not None:
        return district.code
    known = districts_of(region_code)
    if known and "region_code" not in problems:
        problems["district_code"] = say(
            "Kecamatan {typed} tidak ada di {place}. Tulis misalnya {example}",
            typed=line[:LONGEST_QUOTED_DISTRICT],
            place=region_name(region_code),
            example=known[0].name,
        )
    elif "region_code" not in problems:
        problems["district_code"] = say("Pilih dulu kabupaten atau kotanya")
    return None


def _read_contact(facts: CompanyFacts, problems: Problems) -> dict[str, Any]:
    """The texts: address, telephone, mail, and where the scale is known from."""
    clean = {field: clean_lines(getattr(facts, field), empty_lines=False) for field in LONGEST}
    for field, longest in LONGEST.items():
        if reason := too_long(clean[field], longest):
            problems[field] = reason
    email = clean["email"]
    if email and ("@" not in email or " " in email):
        problems["email"] = say("Tulis alamat surel yang lengkap, misalnya nama@contoh.go.id")
    return clean
