"""The careful bare program: one Flask route on the raw driver that does the counter's reads and its one insert.

Same questions to the store as Patuh's POST /clearance (token, company, open cases, active flags), same row kept,
JSON out; no session, no policy, no schemas, no idempotency, no headers.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from hashlib import sha256

from flask import Flask, Response, request

app = Flask(__name__)
_local = threading.local()

TOKEN = "SELECT t.user_id, u.office_id FROM api_tokens t JOIN users u ON u.id = t.user_id WHERE t.secret_hash = ? AND t.revoked_at IS NULL AND u.active"
COMPANY = "SELECT id, name, nib, npwp, npp, region_code FROM companies WHERE nib = ?"
CASES = """SELECT c.number, c.status, c.due_on, c.effective_on, c.unresolved_on, c.workers_total, c.workers_registered,
 n.number, n.issued_on, u.name, u.phone FROM cases c JOIN notas n ON n.case_id = c.id JOIN users u ON u.id = c.inspector_id
 WHERE c.company_id = ? AND c.status IN ('in_remedy', 'recheck_due', 'unresolved')"""
FLAGS = "SELECT level, since_on, letter_number FROM flags WHERE company_id = ? AND lifted_at IS NULL"
COUNT = "INSERT INTO counters (name, year, last) VALUES ('check', 2026, 1) ON CONFLICT (name, year) DO UPDATE SET last = last + 1 RETURNING last"
KEEP = "INSERT INTO licence_checks (receipt, asked, company_id, verdict, answer, checked_at, by_id, office_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"


def store() -> sqlite3.Connection:
    if not hasattr(_local, "connection"):
        _local.connection = sqlite3.connect(
            os.environ["DATABASE_URL"].removeprefix("sqlite:///"), isolation_level=None
        )
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=10000", "foreign_keys=ON"):
            _local.connection.execute(f"PRAGMA {pragma}")
    connection: sqlite3.Connection = _local.connection
    return connection


@app.post("/clearance")
def clearance() -> Response:
    connection = store()
    secret = request.headers["Authorization"].removeprefix("Bearer ")
    asked = request.get_json()["nib"]
    connection.execute("BEGIN IMMEDIATE")
    user, office = connection.execute(TOKEN, (sha256(secret.encode()).hexdigest(),)).fetchone()
    company = connection.execute(COMPANY, (asked,)).fetchone()
    cases = connection.execute(CASES, (company[0],)).fetchall()
    flags = connection.execute(FLAGS, (company[0],)).fetchall()
    verdict = "hold" if any(flag[0] != "warning" for flag in flags) else "caution" if cases else "clear"
    answer = {"verdict": verdict, "company": company, "cases": cases, "flags": flags}
    receipt = f"CK-2026-{connection.execute(COUNT).fetchone()[0]:06}"
    connection.execute(
        KEEP,
        (receipt, asked, company[0], verdict, json.dumps(answer), "2026-11-20 01:00:00.000000", user, office),
    )
    connection.execute("COMMIT")
    return Response(json.dumps({"receipt": receipt, **answer}), status=201, mimetype="application/json")
