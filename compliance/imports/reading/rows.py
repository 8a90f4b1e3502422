"""Rows of a list as facts of companies: what a cell may hold, and what to do when it cannot be read.

A row is refused only when it does not say which company it is: no name, or no regency. Any other cell that
cannot be read is left out with a remark, so that no company of a list is lost for a mistyped number. A row
whose regency is only likely is written when somebody has said yes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from compliance.companies import identity
from compliance.companies.identity import NUMBERS, NumberKind
from compliance.companies.names import LONGEST_NAME, NameKey, key_of, parted_name, remarks_on_name
from compliance.companies.rules import MANY, CompanyFacts, checked_facts
from compliance.core.errors import Invalid
from compliance.core.parsing import Unreadable, parse_count
from compliance.core.text import Text, say
from compliance.imports.kinds import COMPANY_LIST, LONGEST_QUOTED, ListKind
from compliance.imports.reading.cells import why_left_out
from compliance.imports.reading.furniture import furniture_in
from compliance.imports.reading.limits import BadSheet
from compliance.reference.kbli import read_kbli
from compliance.reference.provinces import Province
from compliance.reference.regions import Region, region_name
from compliance.reference.typed_regencies import regency_by_bps

IDENTIFYING = {"name", "region_code"}
_SCALES = {
    "mikro": "micro",
    "kecil": "small",
    "menengah": "medium",
    "besar": "large",
    "micro": "micro",
    "small": "small",
    "medium": "medium",
    "large": "large",
}
_PEOPLE = re.compile(r"\s*(orang|org|pekerja|karyawan|tenaga kerja|tk)\.?$", re.IGNORECASE)
_NO_COUNT = " .-_\N{EN DASH}\N{EM DASH}"  # how offices write "none"
_BETWEEN_PHONES = re.compile(r"(\s*[/;,\n]\s*)")
_LOST_NOUGHT = re.compile(r"(?!6[025])[2-9][0-9]{8,11}")


@dataclass(frozen=True)
class Remark:
    """Something to know about a row: which column it is about ("" for the whole row), and what."""

    column: str
    text: Text


@dataclass(frozen=True)
class Row:
    """A row as it was read. `facts` are None when it is refused; `key` is the name for comparing.

    `extras` are the cells of the columns that only its kind of list has, as they were typed. `doubt`: why it
    is probably no company at all; somebody must say that it is one. `question` is the one of the remarks that
    somebody must settle before the row is written.
    """

    number: int
    name: str
    facts: CompanyFacts | None
    remarks: list[Remark]
    key: NameKey = field(default_factory=NameKey)
    extras: Mapping[str, str] = field(default_factory=dict)
    doubt: Text | None = None
    question: Remark | None = None


class RowReader:
    """Reads the rows of one sheet by its `mapping` of headers to fields.

    Raises BadSheet when the columns cannot be a list of companies.
    """

    def __init__(
        self,
        mapping: Mapping[str, str],
        *,
        filename: str,
        province: Province,
        region_code: str | None,
        kind: ListKind = COMPANY_LIST,
    ) -> None:
        self.column = {field: header for header, field in mapping.items()}
        self.mapping = mapping
        self.province = province
        self.region_code = region_code
        self.kind = kind
        self._below_signature = False
        if "name" not in self.column:
            raise BadSheet(
                say("Berkas {filename} tidak punya kolom nama perusahaan", filename=filename)
            )
        if "region_code" not in self.column and region_code is None:
            raise BadSheet(
                say(
                    "Berkas {filename} tidak punya kolom kabupaten/kota. Tambahkan kolom itu, atau pakai "
                    "--region, misalnya --region {code}",
                    code=province.example.code,
                    filename=filename,
                )
            )

    def read(self, number: int, cells: Mapping[str, str], problem: Text | None = None) -> Row:
        """One row as facts in the form in which they are stored, with remarks on what was left out.

        Rows are read in the order of the file: what stands below a signature belongs to it. `problem` says
        why the row itself cannot be read.
        """
        if problem is not None:
            return Row(number, self._name_in(cells), None, [Remark("", problem)])
        furniture = furniture_in(cells, self.mapping, below_signature=self._below_signature)
        self._below_signature = furniture is not None and (furniture.signs or self._below_signature)
        row = self._read(number, cells)
        if furniture is None:
            return row
        if row.facts is None:
            doubt = [Remark("", furniture.reason)]
            return replace(row, name=self._name_in(cells), remarks=doubt)
        return replace(row, doubt=furniture.reason)

    def _name_in(self, cells: Mapping[str, str]) -> str:
        """What a row is called that is no company: its name, else its first text."""
        return _shown(cells.get(self.column["name"], "") or next(filter(None, cells.values()), ""))

    def _read(self, number: int, cells: Mapping[str, str]) -> Row:
        typed = {field: cells.get(header, "") for field, header in self.column.items()}
        name, left_out = typed["name"], self._left_out(typed)
        typed |= dict.fromkeys(left_out, "")
        problems: dict[str, Text] = {}
        region, doubt = self._region(typed.get("region_code", ""), problems)
        facts = self._facts(typed, region, problems)
        problems |= left_out
        facts = _check(facts, self.province, problems)
        extras = {column.name: typed.get(column.name, "") for column in self.kind.extras}
        refusals = self.kind.check(extras) if self.kind.check else {}
        problems |= refusals
        remarks = [
            Remark(self.column.get(field, field), reason) for field, reason in problems.items()
        ]
        remarks += self._on_numbers(typed)
        if refusals or problems.keys() & IDENTIFYING:
            return Row(number, _shown(name), None, remarks)
        remarks += self._doubts(facts)
        remarks += [Remark(self.column["name"], text) for text in remarks_on_name(typed["name"])]
        if other := regency_by_bps(typed.get("region_code", "")):
            remarks.append(Remark(self.column["region_code"], _read_as_code(region, other)))
        question = Remark(self.column["region_code"], doubt) if doubt else None
        remarks += [question] if question else []
        row = Row(number, facts.name, facts, remarks, key_of(facts.name), extras)
        return replace(row, question=question)

    def _left_out(self, typed: Mapping[str, str]) -> dict[str, Text]:
        """Why cells of a company's columns hold nothing that can be stored. Extras are read by their kind."""
        extras = {column.name for column in self.kind.extras}
        reasons = {field: why_left_out(cell) for field, cell in typed.items()}
        return {field: why for field, why in reasons.items() if why and field not in extras}

    def _doubts(self, facts: CompanyFacts) -> list[Remark]:
        """What is stored and deserves a second look."""
        npwps = (facts.npwp, *facts.other_npwps)
        if any(npwp and identity.may_be_rounded(npwp) for npwp in npwps):
            return [Remark(self.column["npwp"], identity.ROUNDED_NIK)]
        return []

    def _facts(
        self, typed: dict[str, str], region_code: str, problems: dict[str, Text]
    ) -> CompanyFacts:
        """The cells as facts: as typed, or translated where a list has its own way of writing."""
        numbers = {kind: _numbers(kind, typed.get(kind, "")) for kind in NUMBERS}
        npwp, *other_npwps = numbers["npwp"]
        parted = parted_name(typed["name"])
        return CompanyFacts(
            name=parted.name,
            region_code=region_code,
            district_code=typed.get("district_code"),
            nib=numbers["nib"][0],
            npwp=npwp,
            npp=numbers["npp"][0],
            kbli=_kbli(typed.get("kbli", ""), problems),
            scale=_scale(typed.get("scale", "")),
            address=typed.get("address"),
            phone=_phone(typed.get("phone", "")),
            email=typed.get("email"),
            workers_total=_workers(typed.get("workers_total", ""), problems),
            aliases=tuple(re.split(r"[;\n]", typed.get("aliases", ""))),
            other_npwps=tuple(other_npwps),
            former_names=parted.former,
        )

    def _on_numbers(self, typed: Mapping[str, str]) -> list[Remark]:
        """What to know about how the cells for numbers were read: fillers, lost zeros, several numbers."""
        remarks = []
        for kind, label in NUMBERS.items():
            cell = typed.get(kind)
            if not cell:
                continue
            said = identity.remarks_on(kind, cell)
            if kind != "npwp" and len(identity.numbers_in(kind, cell)) > 1:
                said.append(say("Ada beberapa {label}; yang pertama dipakai", label=label))
            remarks += [Remark(self.column[kind], text) for text in said]
        return remarks

    def _region(self, typed: str, problems: dict[str, Text]) -> tuple[str, Text | None]:
        """The code of the regency, and why somebody should confirm it; "" with a problem when it is
        unknown."""
        if not typed and self.region_code is not None:
            return self.region_code, None
        reading = self.province.read_regency(typed)
        if reading.certain:
            return reading.certain.code, None
        names = ", ".join(region.name for region in reading.possible)
        if len(reading.possible) == 1:
            return reading.possible[0].code, say(
                "{typed} mungkin berarti {name}, tetapi tidak tertulis begitu. Tulis nama "
                "kabupaten atau kotanya",
                typed=typed[:LONGEST_QUOTED],
                name=names,
            )
        problems["region_code"] = _unknown_region(typed, names, self.province)
        return "", None


def _read_as_code(region_code: str, by_bps: Region) -> Text:
    return say(
        "Dibaca sebagai {region}; menurut kode BPS {by_bps}. Tulis nama kabupaten atau kotanya bila keliru",
        region=region_name(region_code),
        by_bps=by_bps.name,
    )


def _unknown_region(typed: str, names: str, province: Province) -> Text:
    if not typed:
        return say("Kabupaten atau kota tidak diisi")
    if names:
        return say(
            "Kabupaten atau kota {typed} tidak dikenal, atau berarti lebih dari satu: {names}. Tulis salah "
            "satunya, atau kodenya",
            typed=typed[:LONGEST_QUOTED],
            names=names,
        )
    return say(
        "Kabupaten atau kota {typed} tidak dikenal, atau berarti lebih dari satu. Tulis misalnya "
        "{example}, {other}, atau kodenya",
        typed=typed[:LONGEST_QUOTED],
        example=province.example.name,
        other=province.other_example.name,
    )


def _shown(typed: str) -> str:
    """A name that is not kept, as far as it can be printed."""
    return "".join(filter(str.isprintable, typed))[:LONGEST_NAME]


def _numbers(kind: NumberKind, cell: str) -> list[str]:
    """The numbers in a cell; the cell itself when it holds none, so that it is refused with its reason."""
    return identity.numbers_in(kind, cell) or [cell]


def _check(facts: CompanyFacts, province: Province, problems: dict[str, Text]) -> CompanyFacts:
    """The facts as they are stored, without those that cannot be read; adds to `problems` why."""
    try:
        return checked_facts(facts, province)
    except Invalid as invalid:
        unreadable = invalid.errors
    of_cells = dict(problems)
    problems.clear()
    problems.update(unreadable | of_cells)  # in the order of the facts
    if problems.keys() & IDENTIFYING:
        return facts
    left_out: dict[str, Any] = {field: () if field in MANY else None for field in unreadable}
    return checked_facts(replace(facts, **left_out), province)


def _kbli(typed: str, problems: dict[str, Text]) -> str:
    code, problem = read_kbli(typed)
    if problem is None:
        return code
    problems["kbli"] = problem
    return ""


def _phone(typed: str) -> str:
    """Telephones with the nought that a spreadsheet dropped: no number has nine digits without it.

    Bare digits only, and not those that begin like a number with its country.
    """
    pieces = _BETWEEN_PHONES.split(typed)
    return "".join(f"0{piece}" if _LOST_NOUGHT.fullmatch(piece) else piece for piece in pieces)


def _scale(typed: str) -> str:
    words = re.findall(r"[^\W\d_]+", typed.casefold())
    return next((_SCALES[word] for word in words if word in _SCALES), typed)


def _workers(typed: str, problems: dict[str, Text]) -> int | None:
    count = _PEOPLE.sub("", typed)
    try:
        return parse_count(count) if count.strip(_NO_COUNT) else None
    except Unreadable as error:
        problems["workers_total"] = error.reason
        return None
