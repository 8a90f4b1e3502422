"""The bare floor of P4: a list read and written with five executemany per 500 rows, and nothing decided.

It writes the rows that the application writes: the company, its name, the line of the
report, and an event per chunk. Which rows are new is plain from their NIB, because the list was made
so.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from python_calamine import CalamineWorkbook

from benchmarks.bare.log import Act, seal_all
from benchmarks.bare.store import Raw
from benchmarks.province import STAMP

CHUNK = 500
COMPANY = """INSERT INTO companies (id, name, name_key, region_code, nib, npwp, npwp_core, npp, address,
 address_key, workers_total, created_at,
 version) VALUES (?, ?, ?, '53.71', ?, ?, ?, ?, ?, ?, ?, ?, 1)"""
NAME = """INSERT INTO company_names (company_id, kind, name, key, form, search_key, initials)
 VALUES (?, 'current', ?, ?, 'pt', ?, ?)"""
LINE = """INSERT INTO import_rows (import_id, number, outcome, settled, company_id, name, is_undone)
 VALUES (?, ?, ?, ?, ?, ?, ?)"""
IMPORT = """INSERT INTO imports (kind, filename, status, asks, columns, mapping, created_at, total_rows,
 done_rows, phase_from,
 counts, undone, attempts) VALUES ('companies', ?, 'done', ?, '[]', '{}', ?, 0, 0, 0, '{}', '{}', 0)
 RETURNING id"""


def read(file: Path) -> Iterator[list[str]]:
    """The rows of a csv or xlsx file, without its heading."""
    if file.suffix == ".xlsx":
        rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
        yield from ([str(cell) for cell in row] for row in rows[1:])
        return
    with file.open(newline="", encoding="utf-8") as opened:
        yield from islice(csv.reader(opened), 1, None)


def import_list(raw: Raw, file: Path) -> int:
    """Write a list; how many companies were new."""
    raw.begin()
    batch = raw.value(IMPORT, (file.name, False, STAMP))
    raw.commit()
    rows, number, new = read(file), 1, 0
    while chunk := list(islice(rows, CHUNK)):
        raw.begin()
        id = raw.value("SELECT max(id) FROM companies")
        companies, names, lines = [], [], []
        for name, nib, npwp, npp, _region, address, workers in chunk:
            number += 1
            if not nib.startswith("8"):
                lines.append(
                    (
                        batch,
                        number,
                        "same" if len(nib) == 13 else "refused",
                        True,
                        None,
                        name,
                        False,
                    )
                )
                continue
            id, key = id + 1, name.lower().removeprefix("pt ")
            row = (
                id,
                name,
                key,
                nib,
                f"0{npwp}" if npwp else None,
                npwp[:9] or None,
                npp or None,
                address,
                address.lower().replace(" ", "")[:60],
                int(workers),
                STAMP,
            )
            companies.append(row)
            initials = "".join(word[0] for word in key.split())
            names.append((id, name, key.replace(" ", ""), key, initials))
            lines.append((batch, number, "new", True, id, name, False))
        raw.many(COMPANY, companies)
        raw.many(NAME, names)
        raw.many(LINE, lines)
        ids = [row[0] for row in companies]
        facts = {
            "file": file.name,
            "rows": [number - len(chunk) + 1, number],
            "new": ids,
            "updated": [],
            "batch": batch,
        }
        seal_all(raw, [Act("companies.imported", facts)], STAMP)
        raw.commit()
        new += len(companies)
    if raw.is_postgresql:
        raw.run("SELECT setval('companies_id_seq', (SELECT max(id) FROM companies))")
    raw.run(
        "UPDATE imports SET total_rows = ?, done_rows = ?, counts = ? WHERE id = ?",
        (number - 1, number - 1, json.dumps({"new": new}), batch),
    )
    return new
