"""The second kind of list that can be imported: BPJS's companies that owe registration, put on the
inspection plan.

A row is refused when its category cannot be read: a company is not accused of what nobody wrote.
Undoing the import takes back what nobody began yet.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from compliance.companies.models import Company
from compliance.core.db import db
from compliance.core.parsing import Unreadable, clean_line, parse_count
from compliance.core.text import Text, say
from compliance.imports.kinds import LONGEST_QUOTED, FollowedRow, ListColumn, ListKind
from compliance.plan.commands import Listed, forget_list, plan_inspections
from compliance.policy import SYSTEM

READS = {
    "PWBD": re.compile(r"\bpwbd\b|wajib belum (men)?daftar|belum (men)?daftar\b(?! *sebagian)"),
    "PDS-TK": re.compile(
        r"\bpds[\s-]*(tk|tenaga|pekerja|naker)|sebagian (tk|tenaga kerja|pekerja)"
    ),
    "PDS-Upah": re.compile(r"\bpds[\s-]*upah|sebagian upah"),
    "PDS-Program": re.compile(r"\bpds[\s-]*program|sebagian program"),
    "arrears": re.compile(r"\b(tunggakan|menunggak|piutang|arrears)\b"),
}
"""How lists write the categories; one cell may name several ("PDS Program dan Piutang")."""


def categories_in(cell: str) -> tuple[str, ...]:
    """The categories that a cell names, in any of the ways in which offices write them."""
    text = clean_line(cell.casefold().replace("_", " ")) or ""
    return tuple(code for code, pattern in READS.items() if pattern.search(text))


def _check(extras: Mapping[str, str]) -> Mapping[str, Text]:
    cell = extras.get("category", "")
    if categories_in(cell):
        return {}
    if not cell.strip():
        return {"category": say("Kategori tidak diisi")}
    return {
        "category": say(
            "Kategori {typed} tidak dikenal. Tulis PWBD, PDS-TK, PDS-Upah, PDS-Program, atau"
            " tunggakan",
            typed=cell[:LONGEST_QUOTED],
        )
    }


def _follow(batch: Any, rows: Sequence[FollowedRow]) -> None:
    known = {
        company.id: company
        for company in db.session.execute(
            sa.select(Company.id, Company.region_code, Company.workers_total).where(
                Company.id.in_({row.company_id for row in rows})
            )
        )
    }
    listed = []
    for row in rows:
        company = known[row.company_id]
        registered = _registered(row.extras, company.workers_total)
        listed.append(
            Listed(
                company.id,
                company.region_code,
                categories_in(row.extras.get("category", "")),
                company.workers_total,
                registered,
            )
        )
    if listed:
        plan_inspections(
            listed,
            by=batch.by or SYSTEM,
            source=batch.source,
            listed_on=batch.listed_on,
            batch=batch.id,
        )


def _registered(extras: Mapping[str, str], total: int | None) -> int | None:
    """How many workers are registered; None when the list does not say so, or says more than there are."""
    try:
        count = parse_count(extras.get("workers_registered", ""))
    except Unreadable:
        return None
    return count if count is not None and total is not None and count <= total else None


def _unfollow(batch: Any, rows: Sequence[FollowedRow]) -> Mapping[int, Text]:
    begun = forget_list(batch.id, {row.company_id for row in rows}, by=batch.undo_by or SYSTEM)
    reason = say("Nota untuk perusahaan ini sudah dimulai dari rencana")
    return {row.number: reason for row in rows if row.company_id in begun}


COMPLIANCE_LIST = ListKind(
    "compliance_list",
    say("Daftar kepatuhan BPJS Ketenagakerjaan (PWBD, PDS, tunggakan)"),
    extras=(
        ListColumn("category", say("Kategori"),
            "kategori, kategori ketidakpatuhan, kategori perusahaan, jenis ketidakpatuhan, "
            "ketidakpatuhan, "
            "status kepatuhan, kategori pds, jenis pds, category, compliance category"),
        ListColumn("workers_registered", say("Pekerja terdaftar"),
            "pekerja terdaftar, tk terdaftar, jumlah tk terdaftar, tenaga kerja terdaftar, jumlah "
            "peserta, peserta, "
            "tk aktif, jumlah tk aktif, registered workers, workers registered"),
    ),
    required=("name", "category"),
    dated=True,
    leads_to=("/plan", say("Buka rencana pemeriksaan")),
    check=_check,
    follow=_follow,
    unfollow=_unfollow,
)  # fmt: skip
