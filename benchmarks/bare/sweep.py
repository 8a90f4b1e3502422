"""The bare, careful program of P3: rechecks that were due and missed make their steps, 500 cases at a time.

It writes what the application writes about such a case: the status, three sealed events, the flag, and five
messages to the inspector and the officers of regency and province.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from benchmarks.bare.log import Act, seal_all
from benchmarks.bare.store import Raw, Row, among
from benchmarks.province import STAMP

CHUNK = 500
DUE = """SELECT c.id, c.company_id, c.region_code, c.effective_on, c.version, c.number, co.name, u.id,
 u.language,
 (SELECT n.number FROM notas n WHERE n.case_id = c.id ORDER BY n.id DESC LIMIT 1) FROM cases c
 JOIN companies co ON co.id = c.company_id JOIN users u ON u.id = c.inspector_id
 WHERE c.next_step_at IS NOT NULL AND c.step_error IS NULL AND c.next_step_at <= ? AND c.status = 'in_remedy'
 ORDER BY c.next_step_at LIMIT ?"""
OFFICERS = """SELECT o.region_code, u.id, u.email, u.language FROM offices o JOIN users u ON u.office_id =
 o.id
 WHERE o.kind = 'licensing' AND u.active AND u.role = 'licensing'"""
FLAG = """INSERT INTO flags (id, case_id, company_id, region_code, level, reason, since_on, review_on,
 raised_at, raised_by, version)
 VALUES (?, ?, ?, ?, 'warning', ?, ?, ?, ?, 'sistem', 1)"""
MESSAGE = """INSERT INTO messages (key, kind, channel, user_id, address, language, case_id, data,
 created_at, next_try_at,
 attempts, sent_at) VALUES (?, 'flag.raised', ?, ?, ?, ?, ?, ?, ?, ?, 0, ?) ON CONFLICT (key) DO NOTHING"""


def sweep(raw: Raw, now: str) -> int:
    """Make the steps of every case whose time has come; how many cases there were."""
    officers: dict[str, list[Any]] = {}
    for region, *officer in raw.rows(OFFICERS):
        officers.setdefault(region, []).append(officer)
    done = 0
    while True:
        raw.begin()
        rows = raw.rows(DUE, (now, CHUNK))
        _make_steps(raw, rows, officers)
        raw.commit()
        done += len(rows)
        if len(rows) < CHUNK:
            return done


def _make_steps(raw: Raw, rows: list[Any], officers: dict[str, list[Any]]) -> None:
    if not rows:
        return
    raw.run(
        "UPDATE cases SET status = 'recheck_due', next_step_at = NULL, updated_at = ?, version = version + 2"
        f" WHERE id IN ({among(len(rows))})",
        (STAMP, *(row[0] for row in rows)),
    )
    acts: list[Act] = []
    flags, messages = list[Row](), list[Row]()
    flag_id = raw.value("SELECT coalesce(max(id), 0) FROM flags")
    for (
        case_id,
        company_id,
        region,
        effective_on,
        version,
        number,
        company,
        inspector,
        language,
        nota,
    ) in rows:
        day = date.fromisoformat(str(effective_on))
        since, flag_id = day + timedelta(days=1), flag_id + 1
        why = {"say": "Jatuh tempo {day} lewat tanpa hasil cek ulang.", "day": {"day": str(day)}}
        reason = {"level": "warning", "why": why, "since_on": {"day": str(since)}}
        acts.append(
            Act(
                "recheck.due",
                {"effective_on": {"day": str(day)}},
                case_id,
                company_id,
                None,
                version,
            )
        )
        acts.append(
            Act(
                "recheck.missed",
                {"effective_on": {"day": str(day)}},
                case_id,
                company_id,
                None,
                version + 1,
            )
        )
        acts.append(Act("flag.raised", reason, case_id, company_id, f"flag:{flag_id}", version + 2))
        review = str(since + timedelta(days=365))
        flags.append(
            (flag_id, case_id, company_id, region, json.dumps(why), str(since), review, STAMP)
        )
        facts = {
            **reason,
            "company": company,
            "case_number": number,
            "nota_number": nota,
            "by": "sistem",
        }
        text, key = json.dumps({**facts, "reader": "licensing"}), f"flag:{flag_id}:raised"
        for id, email, speaks in (*officers.get(region, ()), *officers.get(region[:2], ())):
            messages.append(
                (f"{key}:inbox:{id}", "inbox", id, None, speaks, case_id, text, STAMP, None, STAMP)
            )
            messages.append(
                (f"{key}:email:{id}", "email", id, email, speaks, case_id, text, STAMP, STAMP, None)
            )
        text = json.dumps({**facts, "reader": "inspector"})
        messages.append(
            (
                f"{key}:inbox:{inspector}",
                "inbox",
                inspector,
                None,
                language,
                case_id,
                text,
                STAMP,
                None,
                STAMP,
            )
        )
    raw.many(FLAG, flags)
    if raw.is_postgresql:
        raw.run("SELECT setval('flags_id_seq', ?)", (flag_id,))
    seal_all(raw, acts, STAMP)
    raw.many(MESSAGE, messages)
