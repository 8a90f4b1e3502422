"""Rows of a list as facts of companies: what a cell may hold, and what to do when it cannot be read.

A row is refused only when nobody could say which company it is: no name, or no regency. Any other cell that
cannot be read is left out and told of, so that no listed company is lost for a mistyped number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from compliance.companies import identity
from compliance.companies.commands import MANY, CompanyFacts, checked_facts
from compliance.core.errors import Invalid
from compliance.core.parsing import Unreadable, parse_count
from compliance.core.text import Text, say
from compliance.imports.kinds import COMPANIES, ListKind
from compliance.imports.reading.spreadsheet import BadSheet
from compliance.reference.regions import regency_called

IDENTIFYING = {"name", "region_code"}
_SCALES = {
    "mikro": "micro", "kecil": "small", "menengah": "medium", "besar": "large",
    "micro": "micro", "small": "small", "medium": "medium", "large": "large",
}  # fmt: skip
_KBLI = re.compile(r"\s*([0-9]{5})(?![0-9])")


@dataclass(frozen=True)
class Remark:
    """Something to know about a row: which column it is about ("" for the whole row), and what."""

    column: str
    text: Text


@dataclass(frozen=True)
class Row:
    """A row as it was read. `facts` are None when it is refused; `key` is the name for comparing.

    `extras` are the cells of the columns that only its kind of list has, as they were typed.
    """

    number: int
    name: str
    facts: CompanyFacts | None
    remarks: list[Remark]
    key: str = ""
    extras: Mapping[str, str] = field(default_factory=dict)


class RowReader:
    """Reads the rows of one sheet by its `mapping` of headers to fields.

    Raises BadSheet when the columns cannot be a list of companies.
    """

    def __init__(
        self,
        mapping: Mapping[str, str],
        *,
        filename: str,
        region_code: str | None,
        kind: ListKind = COMPANIES,
    ) -> None:
        self.column = {field: header for header, field in mapping.items()}
        self.region_code = region_code
        self.kind = kind
        if "name" not in self.column:
            raise BadSheet(say("Berkas {filename} tidak punya kolom nama perusahaan", filename=filename))
        if "region_code" not in self.column and region_code is None:
            raise BadSheet(
                say(
                    "Berkas {filename} tidak punya kolom kabupaten/kota. Tambahkan kolom itu, atau pakai "
                    "--region, misalnya --region 53.71",
                    filename=filename,
                )
            )

    def read(self, number: int, cells: Mapping[str, str]) -> Row:
        """One row as facts in the form in which they are stored, with remarks on what was left out."""
        typed = {field: cells.get(header, "") for field, header in self.column.items()}
        problems: dict[str, Text] = {}
        facts = self._facts(typed, problems)
        try:
            facts = checked_facts(facts)
        except Invalid as invalid:
            problems = {**invalid.errors, **problems}
            if not problems.keys() & IDENTIFYING:
                left_out: dict[str, Any] = {each: () if each in MANY else None for each in invalid.errors}
                facts = checked_facts(replace(facts, **left_out))
        extras = {each.name: typed.get(each.name, "") for each in self.kind.extras}
        refused = self.kind.check(extras) if self.kind.check else {}
        problems = {**problems, **refused}
        remarks = [Remark(self.column.get(each, each), reason) for each, reason in problems.items()]
        if refused or problems.keys() & IDENTIFYING:
            name = "".join(filter(str.isprintable, typed["name"]))[: identity.LONGEST_NAME]
            return Row(number, name, None, remarks)
        return Row(number, facts.name, facts, remarks, identity.name_key(facts.name), extras)

    def _facts(self, typed: dict[str, str], problems: dict[str, Text]) -> CompanyFacts:
        """The cells as facts, as they were typed or, where a list writes it its own way, as it is meant."""
        kbli, scale = typed.get("kbli", ""), typed.get("scale", "")
        five_digits = _KBLI.match(kbli)
        words = (word for word in re.findall(r"[^\W\d_]+", scale.casefold()) if word in _SCALES)
        npwp, *others = identity.npwps_in(typed.get("npwp")) or [typed.get("npwp", "")]
        workers = None
        if typed.get("workers_total"):
            try:
                workers = parse_count(typed["workers_total"])
            except Unreadable as error:
                problems["workers_total"] = error.reason
        return CompanyFacts(
            name=typed["name"],
            region_code=self._region(typed.get("region_code", ""), problems),
            nib=typed.get("nib"),
            npwp=npwp,
            npp=typed.get("npp"),
            kbli=five_digits[1] if five_digits else kbli,
            scale=_SCALES.get(next(words, ""), scale),
            address=typed.get("address"),
            phone=typed.get("phone"),
            email=typed.get("email"),
            workers_total=workers,
            aliases=tuple(re.split(r"[;\n]", typed.get("aliases", ""))),
            other_npwps=tuple(others),
        )

    def _region(self, typed: str, problems: dict[str, Text]) -> str:
        if not typed and self.region_code is not None:
            return self.region_code
        place = regency_called(typed)
        if place is None:
            problems["region_code"] = (
                say(
                    "Kabupaten atau kota {typed} tidak dikenal, atau berarti lebih dari satu. Tulis misalnya "
                    "Kota Kupang, Kab. Kupang, atau kodenya",
                    typed=typed,
                )
                if typed
                else say("Kabupaten atau kota tidak diisi")
            )
        return place.code if place else ""
