"""The bare, careful program of P6: one Flask route that issues the nota of a draft, on the raw driver.

Session and CSRF token are checked, the draft is read and judged, and the application's rows are written in
one durable commit: the case, nota and finding, sealed events, four messages to the officers of regency and
province, the letter. Its PDF is set and named in a second one.
"""

from __future__ import annotations

import hmac
import json
import os
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from flask import Flask, Response, redirect, request

from benchmarks.bare.clearance import days_off, store
from benchmarks.bare.letter import facts_of, set_letter, write_letter
from benchmarks.bare.log import Act, seal_all
from benchmarks.bare.store import Raw, Row
from benchmarks.province import STAMP, TODAY

app = Flask(__name__)
ISSUED = str(TODAY)
SESSION = """SELECT u.id, u.name, u.role FROM sign_ins s JOIN users u ON u.id = s.user_id
 WHERE s.secret_hash = ? AND s.ended_at IS NULL AND u.active"""
DRAFT = """SELECT c.id, c.version, c.draft, c.inspector_id, co.id, co.name, co.region_code, co.scale FROM
 cases c
 JOIN companies co ON co.id = c.company_id WHERE c.draft_key = ? AND c.status = 'draft'"""
VIOLATIONS = """SELECT id, code FROM violations WHERE (valid_from IS NULL OR valid_from <= ?)
 AND (valid_to IS NULL OR valid_to >= ?)"""
NEXT = """INSERT INTO counters (name, year, last) VALUES (?, ?, 1)
 ON CONFLICT (name, year) DO UPDATE SET last = counters.last + 1 RETURNING last"""
ISSUE = """UPDATE cases SET status = 'in_remedy', number = ?, draft = NULL, region_code = ?, workers_total
 = ?,
 workers_registered = ?, due_on = ?, effective_on = ?, due_why = ?, next_step_at = ?, updated_at = ?,
 version = version + 1
 WHERE id = ? AND version = ?"""
NOTA = """INSERT INTO notas (case_id, kind, number, inspector_id, inspected_on, issued_on, conveyed_on,
 company_name,
 workers_total, workers_registered, place, met) VALUES (?, 'I', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id"""
FINDING = """INSERT INTO findings (case_id, nota_id, violation_id, position, programmes, workers_affected,
 deadline_days,
 deadline_day_type) VALUES (?, ?, ?, ?, '[]', ?, 14, 'calendar')"""
PLAN = """
    UPDATE plan_entries SET case_id = ?
    WHERE company_id = ? AND case_id IS NULL AND dropped_at IS NULL
"""
OFFICERS = """SELECT o.name, u.id, u.email, u.language FROM offices o JOIN users u ON u.office_id = o.id
 WHERE o.kind = 'licensing' AND o.region_code IN (?, ?) AND u.active AND u.role = 'licensing' ORDER BY
 o.code"""
MESSAGE = """INSERT INTO messages (key, kind, channel, user_id, address, language, case_id, data,
 created_at, next_try_at,
 attempts, sent_at) VALUES (?, 'nota.conveyed', ?, ?, ?, ?, ?, ?, ?, ?, 0, ?) ON CONFLICT (key) DO NOTHING"""


def csrf_token(key: str, secret: str) -> str:
    """The token that the form of a session carries: made of the program's key and the session's secret."""
    return hmac.new(key.encode(), secret.encode(), "sha256").hexdigest()


@app.get("/healthz")
def healthz() -> str:
    return "ok"


@app.post("/notas/<key>/review")
def issue(key: str) -> Response:
    raw, secret = store(), request.cookies.get("patuh_session", "")
    if not hmac.compare_digest(
        request.form.get("csrf_token", ""), csrf_token(os.environ["SECRET_KEY"], secret)
    ):
        return Response(status=400)
    raw.begin()
    person = raw.one(SESSION, (sha256(secret.encode()).hexdigest(),))
    settings = dict(raw.rows("SELECT key, value FROM settings"))
    draft = raw.one(DRAFT + (" FOR UPDATE OF c" if raw.is_postgresql else ""), (key,))
    problem = _problem(raw, person, draft)
    if problem:
        raw.run("ROLLBACK")
        return Response(problem, status=422)
    letter = _write(raw, settings, person, draft)
    raw.commit()
    set_letter(raw, *letter)
    return redirect(f"/notas/{key}/done", 303)  # type: ignore[return-value]


def _answers(draft: Any) -> dict[str, Any]:
    answers: dict[str, Any] = json.loads(draft[2]) if isinstance(draft[2], str) else draft[2]
    return answers


def _problem(raw: Raw, person: Any, draft: Any) -> str | None:
    """Why the nota cannot be issued; None when it can."""
    if (
        person is None
        or draft is None
        or draft[3] != person[0]
        or person[2] not in ("inspector", "supervisor")
    ):
        return "not yours"
    if request.form.get("version") != str(draft[1]):
        return "changed meanwhile"
    answers = _answers(draft)
    total, registered = (
        int(answers["workers"][name]) for name in ("workers_total", "workers_registered")
    )
    issued = date.fromisoformat(answers["notes"]["issued_on"])
    if (
        not 0 <= registered <= total
        or issued > TODAY
        or date.fromisoformat(answers["notes"]["inspected_on"]) > issued
    ):
        return "does not make sense"
    known = {code for _id, code in raw.rows(VIOLATIONS, (ISSUED, ISSUED))}
    return None if set(answers["findings"]["findings"]) <= known else "not in the catalogue"


def _write(
    raw: Raw, settings: dict[str, Any], person: Any, draft: Any
) -> tuple[Act, int, str, dict[str, Any]]:
    """The rows of the nota; answers its act, and its letter's id, code and facts."""
    case_id, version, _draft, inspector, company_id, company, region, _scale = draft
    answers = _answers(draft)
    workers, notes, findings = answers["workers"], answers["notes"], answers["findings"]
    total, registered = int(workers["workers_total"]), int(workers["workers_registered"])
    number = f"NTT-{TODAY.year}-{raw.value(NEXT, ('case', TODAY.year)):04}"
    nota_number = f"560/{raw.value(NEXT, ('nota', TODAY.year)):03}-NP/XI/{TODAY.year}"
    assert raw.one("SELECT id FROM notas WHERE number = ?", (nota_number,)) is None
    due = _effective(raw, settings.get("recheck_months", 3))
    why = json.dumps([{"say": "Nota diterbitkan {day}.", "day": {"day": ISSUED}}])
    step = f"{due - timedelta(days=1)} 16:00:00.000000"
    raw.run(
        ISSUE,
        (number, region, total, registered, str(due), str(due), why, step, STAMP, case_id, version),
    )
    nota = (
        case_id,
        nota_number,
        inspector,
        notes["inspected_on"],
        notes["issued_on"],
        ISSUED,
        company,
        total,
        registered,
    )
    nota_id = raw.value(NOTA, (*nota, answers["place"].get("place"), notes.get("met")))
    catalogue = {code: id for id, code in raw.rows(VIOLATIONS, (ISSUED, ISSUED))}
    for position, code in enumerate(findings["findings"], start=1):
        affected = findings.get(f"about-{code}-workers_affected")
        raw.run(FINDING, (case_id, nota_id, catalogue[code], position, affected and int(affected)))
    raw.run(PLAN, (case_id, company_id))
    officers = raw.rows(OFFICERS, (region, region[:2]))
    facts = {
        "number": nota_number,
        "case_number": number,
        "nota_kind": "I",
        "inspected_on": {"day": notes["inspected_on"]},
        "issued_on": {"day": ISSUED},
        "findings": len(findings["findings"]),
        "workers_total": total,
        "workers_registered": registered,
        "due_on": {"day": str(due)},
        "effective_on": {"day": str(due)},
    }
    conveyed = {"number": nota_number, "offices": [office for office, *_officer in officers]}
    issued = Act(
        "nota.issued", facts, case_id, company_id, None, version + 1, (person[0], person[1])
    )
    told = Act("nota.conveyed", conveyed, case_id, company_id, None, version + 1)
    seal_all(raw, [issued, told], STAMP)
    paper = facts_of(nota_number, company, len(findings["findings"]))
    id, code = write_letter(raw, issued, paper)
    text = json.dumps({**facts, "company": company, "by": "sistem", "reader": "licensing"})
    messages = list[Row]()
    for _office, id, email, language in officers:
        messages.append(
            (
                f"nota:{nota_id}:inbox:{id}",
                "inbox",
                id,
                None,
                language,
                case_id,
                text,
                STAMP,
                None,
                STAMP,
            )
        )
        messages.append(
            (
                f"nota:{nota_id}:email:{id}",
                "email",
                id,
                email,
                language,
                case_id,
                text,
                STAMP,
                STAMP,
                None,
            )
        )
    raw.many(MESSAGE, messages)
    return issued, id, code, paper


def _effective(raw: Raw, months: int) -> date:
    """So many months on; a day off moves on to the next working day."""
    month = TODAY.month - 1 + months
    day = TODAY.replace(year=TODAY.year + month // 12, month=month % 12 + 1)
    while day.weekday() >= 5 or day in days_off(raw):
        day += timedelta(days=1)
    return day
