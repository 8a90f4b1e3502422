"""The bare, careful program of P1: one Flask route on the raw driver with the counter's reads and insert.

It asks what POST /clearance must ask: token, user and office; the office's settings; the company by its
number, main or further; its former names; open cases with their nota, inspector and open findings; active
flags. It keeps the same row under the next receipt number, durably, and answers in JSON. No schemas, no
policy, no headers; the days off are read once per process.
"""

from __future__ import annotations

import json
import os
import secrets
import threading
from datetime import date, timedelta
from functools import cache
from hashlib import sha256
from typing import Any

from flask import Flask, Response, request

from benchmarks.bare.store import Raw
from benchmarks.province import ALPHABET, NOW, STAMP, TODAY

app = Flask(__name__)
_local = threading.local()
MADE_AT = f"{NOW:%Y-%m-%d %H:%M:%S}.000000"
"""When its checks are made: on the day to which the application is moved."""
TOKEN = """SELECT u.id, u.active, t.revoked_at, t.expires_at, o.id, o.name, o.legal_basis FROM api_tokens t
 JOIN users u ON u.id = t.user_id LEFT JOIN offices o ON o.id = u.office_id WHERE t.secret_hash = ?"""
SETTINGS = "SELECT key, value FROM settings"
COMPANY = """SELECT id, name, nib, npwp, npp, region_code FROM companies WHERE id IN
 (SELECT id FROM companies WHERE nib = ? UNION SELECT company_id FROM company_numbers WHERE kind = 'nib'
 AND number = ?)"""
NAMES = "SELECT name FROM company_names WHERE company_id = ? AND kind = 'former' ORDER BY id"
CASES = """SELECT c.id, c.number, c.status, c.due_on, c.effective_on, c.unresolved_on, c.workers_total,
 c.workers_registered,
 n.number, n.issued_on, u.name, u.phone, v.norm_group FROM cases c JOIN notas n ON n.case_id = c.id
 JOIN users u ON u.id = c.inspector_id LEFT JOIN findings f ON f.case_id = c.id AND f.fixed_on IS NULL
 LEFT JOIN violations v ON v.id = f.violation_id
 WHERE c.company_id = ? AND c.status IN ('in_remedy', 'recheck_due', 'unresolved') ORDER BY c.id, n.id,
 f.position"""
FLAGS = """SELECT f.level, f.since_on, f.letter_number, f.letter_on, f.services, c.number FROM flags f
 JOIN cases c ON c.id = f.case_id WHERE f.company_id = ? AND f.lifted_at IS NULL ORDER BY f.id"""
NEXT = """INSERT INTO counters (name, year, last) VALUES ('check', ?, 1)
 ON CONFLICT (name, year) DO UPDATE SET last = counters.last + 1 RETURNING last"""
KEEP = """INSERT INTO licence_checks (receipt, code, asked, company_id, verdict, answer, checked_at, by_id,
 office_id)
 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
DAYS_TO_DECIDE = 5
COMPANY_FACTS = ["id", "name", "nib", "npwp", "npp", "region_code", "former_names"]
CASE_FACTS = [
    "id",
    "number",
    "status",
    "due_on",
    "effective_on",
    "unresolved_on",
    "workers_total",
    "workers_registered",
    "nota_number",
    "issued_on",
    "inspector",
    "inspector_phone",
]
FLAG_FACTS = ["level", "since_on", "letter_number", "letter_on", "services", "case_number"]


@app.get("/healthz")
def healthz() -> str:
    return "ok"


@app.post("/clearance")
def clearance() -> Response:
    raw = store()
    secret = request.headers["Authorization"].removeprefix("Bearer ")
    asked = request.get_json()["nib"]
    if len(asked) != 13 or not asked.isdecimal():
        return Response(status=422)
    raw.begin()
    caller = raw.one(TOKEN, (sha256(secret.encode()).hexdigest(),))
    if (
        caller is None
        or not caller[1]
        or caller[2] is not None
        or (caller[3] is not None and str(caller[3]) <= STAMP)
    ):
        raw.run("ROLLBACK")
        return Response(status=401)
    settings = dict(raw.rows(SETTINGS))
    company = raw.one(COMPANY, (asked, asked))
    former = [name for (name,) in raw.rows(NAMES, (company[0],))]
    cases, flags = raw.rows(CASES, (company[0],)), raw.rows(FLAGS, (company[0],))
    answer = {
        **verdict_on(cases, flags),
        "company": dict(zip(COMPANY_FACTS, (*company, former), strict=True)),
        "cases": [dict(zip(CASE_FACTS, map(_plain, row[:-1]), strict=True)) for row in cases],
        "flags": [dict(zip(FLAG_FACTS, map(_plain, row), strict=True)) for row in flags],
        "cleared_by": [],
        "services": [],
        "services_untouched": [],
        "services_ground": None,
        "decide_by": {"day": decide_by(raw)},
        "legal_basis": caller[6],
        "office": caller[5],
        "contact": {
            "name": settings.get("office_name", ""),
            "reached_by": settings.get("office_contact", ""),
        },
    }
    text = json.dumps(answer, default=str)
    receipt = f"CK-{TODAY.year}-{raw.value(NEXT, (TODAY.year,)):06}"
    code = new_code()
    raw.run(
        KEEP,
        (receipt, code, asked, company[0], answer["verdict"], text, MADE_AT, caller[0], caller[4]),
    )
    raw.commit()
    body = f'{{"receipt": "{receipt}", "code": "{code}", {text[1:]}'
    return Response(
        body, status=201, mimetype="application/json", headers={"Location": f"/clearance/{receipt}"}
    )


def new_code() -> str:
    """Ten random characters, of one random number."""
    number = secrets.randbits(50)
    return "".join([ALPHABET[(number >> shift) & 31] for shift in range(0, 50, 5)])


def store() -> Raw:
    """This thread's connection."""
    if not hasattr(_local, "raw"):
        _local.raw = Raw(os.environ["DATABASE_URL"])
    raw: Raw = _local.raw
    return raw


def verdict_on(cases: list[Any], flags: list[Any]) -> dict[str, Any]:
    """The verdict, its word, and every reason for it, as they are kept."""
    reasons: list[dict[str, Any]] = [
        {
            "say": "Peringatan sejak {day}: cek ulang lewat waktu (kasus {case}).",
            "day": _plain(flag[1]),
            "case": flag[-1],
        }
        for flag in flags
    ]
    for case in cases:
        late = (TODAY - _day(case[4])).days
        reasons.append(
            {
                "say": "Nota {nota}: cek ulang terlambat {days} hari, belum ada hasil.",
                "nota": case[8],
                "days": late,
            }
        )
    verdict, word = "clear", "HIJAU – TIDAK ADA CATATAN"
    if any(flag[0] != "warning" for flag in flags):
        verdict, word = "hold", "MERAH – ADA CATATAN"
    elif cases or flags:
        verdict, word = "caution", "KUNING – LEWAT WAKTU"
    return {"verdict": verdict, "word": {"say": word}, "reasons": reasons, "advice": []}


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _plain(value: Any) -> Any:
    """A fact as JSON keeps it."""
    is_day = isinstance(value, date) or (
        isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-"
    )
    return {"day": str(value)} if is_day else value


def decide_by(raw: Raw) -> str:
    """The last of the five working days within which an application is decided on."""
    off, day, left = days_off(raw), TODAY, DAYS_TO_DECIDE
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5 and day not in off
    return str(day)


@cache
def days_off(raw: Raw) -> frozenset[date]:
    return frozenset(
        date.fromisoformat(str(day)) for (day,) in raw.rows("SELECT day FROM holidays")
    )
