"""A seeded, repeatable province of any size, written straight into a migrated SQLite database.

About two cases a company: most resolved, 6.7 % overdue, 8 % of companies with an active flag.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
CHUNK = 20_000
NOW = "2026-11-20 01:00:00.000000"
REGIONS = [f"53.{number:02}" for number in (*range(1, 22), 71)]
WHY = json.dumps([{"say": "Nota diterbitkan {day}.", "day": {"day": "2026-06-01"}}])
REASON = json.dumps(
    {"say": "Cek ulang {day} menemukan kewajiban belum dipenuhi.", "day": {"day": "2026-09-02"}}
)


def environment(database: Path) -> dict[str, str]:
    """The environment of every process that works on `database`."""
    return {
        **os.environ, "DATABASE_URL": f"sqlite:///{database}", "SECRET_KEY": "a secret for benchmarks, long enough",
        "PATUH_PASSWORD_COST": "low", "FLASK_APP": "wsgi",
    }  # fmt: skip


def build(size: int) -> Path:
    """The database with `size` companies, made once and kept under benchmarks/data/."""
    path = HERE / "data" / f"{size}.sqlite3"
    if path.exists():
        return path
    path.parent.mkdir(exist_ok=True)
    making = path.with_suffix(".making")
    for leftover in path.parent.glob(making.name + "*"):
        leftover.unlink()
    flask = [sys.executable, "-m", "flask"]
    subprocess.run(
        [*flask, "db", "upgrade"], cwd=ROOT, env=environment(making), check=True, capture_output=True
    )
    for who, role, office in (
        ("inspector", "inspector", ""),
        ("counter", "licensing", "ptsp-53.71"),
        ("team", "compliance", ""),
    ):
        subprocess.run(
            [*flask, "user", "add", f"{who}@bench.example", "--name", f"{who} Contoh", "--role", role, "--password-stdin",
             *(["--office", office] if office else [])],
            cwd=ROOT, env=environment(making), input="kata sandi contoh\n", text=True, check=True, capture_output=True,
        )  # fmt: skip
    connection = sqlite3.connect(making)
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF;")
    violation = connection.execute("SELECT id FROM violations WHERE code = 'JS-02'").fetchone()[0]
    for start in range(0, size, CHUNK):
        _write(connection, range(start + 1, min(start + CHUNK, size) + 1), violation)
    connection.executescript("ANALYZE; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode=DELETE;")
    connection.close()
    making.rename(path)
    return path


def _insert(connection: sqlite3.Connection, table: str, columns: str, rows: list[tuple[object, ...]]) -> None:
    marks = ", ".join("?" * len(columns.split(", ")))
    connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)


def _write(connection: sqlite3.Connection, numbers: range, violation: int) -> None:
    companies, names, cases, notas, findings, flags = [], [], [], [], [], []
    for number in numbers:
        chance = random.Random(number)
        name, region = f"PT Contoh Usaha {number:07}", chance.choice(REGIONS)
        companies.append(
            (number, name, name.lower()[3:], region, f"{9_100_000_000_000 + number}", f"0{number:09}922000",
             f"{number:09}", 20, NOW, 1)
        )  # fmt: skip
        names.append((number, "current", name, name.lower()[3:]))
        for turn in (1, 2):
            case_id = number * 2 - 2 + turn
            cases.append(_case(case_id, number, region, turn, chance))
            status, issued = cases[-1][2], str(cases[-1][12])[:10]
            notas.append(
                (case_id, case_id, "I", f"560/{case_id:07}-NP/2026", 1, issued, issued, issued, name, 20, 8)
            )
            findings.append((case_id, case_id, violation, 1, "[]", 12, 14, "calendar"))
            if status == "unresolved":
                flags.append((case_id, number, region, "hold", REASON, "2026-09-02", NOW, "sistem", 1))
    with connection:
        _insert(
            connection, "companies",
            "id, name, name_key, region_code, nib, npwp, npwp_core, workers_total, created_at, version", companies,
        )  # fmt: skip
        _insert(connection, "company_names", "company_id, kind, name, key", names)
        _insert(
            connection, "cases",
            "id, number, status, company_id, inspector_id, region_code, workers_total, workers_registered, due_on,"
            " effective_on, due_why, next_step_at, created_at, updated_at, unresolved_on, resolved_on, version",
            cases,
        )  # fmt: skip
        _insert(
            connection, "notas",
            "id, case_id, kind, number, inspector_id, inspected_on, issued_on, conveyed_on, company_name, workers_total,"
            " workers_registered",
            notas,
        )  # fmt: skip
        _insert(
            connection, "findings",
            "case_id, nota_id, violation_id, position, programmes, workers_affected, deadline_days, deadline_day_type", findings,
        )  # fmt: skip
        _insert(
            connection, "flags",
            "case_id, company_id, region_code, level, reason, since_on, raised_at, raised_by, version", flags,
        )  # fmt: skip


def _case(case_id: int, company: int, region: str, turn: int, chance: random.Random) -> tuple[object, ...]:
    today, luck = date(2026, 11, 20), chance.random()
    status, effective = "resolved", today - timedelta(days=chance.randint(200, 900))
    if turn == 2:
        if luck < 0.134:
            status, effective = "recheck_due", today - timedelta(days=chance.randint(1, 180))
        elif luck < 0.294:
            status, effective = "unresolved", today - timedelta(days=chance.randint(30, 600))
        elif luck < 0.55:
            status, effective = "in_remedy", today + timedelta(days=chance.randint(1, 90))
    issued = (effective - timedelta(days=91)).isoformat()
    step = f"{effective.isoformat()} 16:00:00.000000" if status == "in_remedy" else None
    return (
        case_id, f"NTT-{issued[:4]}-{case_id:07}", status, company, 1, region, 20, 20 if status == "resolved" else 8,
        effective.isoformat(), effective.isoformat(), WHY, step, f"{issued} 01:00:00.000000", NOW,
        effective.isoformat() if status == "unresolved" else None, effective.isoformat() if status == "resolved" else None, 1,
    )  # fmt: skip
