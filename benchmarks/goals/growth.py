"""P10: nothing grows with rows: every list, page and count in the smallest and the largest province.

Files of whole lists are as long as their lists and are not here; jobs are in P11. PAGES names every page: a
test compares it with the application's own addresses.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from typing import Any

from benchmarks.goals.nota import drafted, put_draft
from benchmarks.measuring import Table, count, medians, ms
from benchmarks.province import FIRST_INSPECTOR, STAMP, TODAY
from benchmarks.running import Run, question_about
from benchmarks.serving import Request, Server, WrongAnswer, hidden_fields, posted, signed_in

REQUESTS, GOAL = 5, 1.2
PEOPLE = {
    "supervisor": "supervisor",
    "compliance": "team",
    "licensing": "counter",
    "admin": "admin",
}
PAGES = {
    "inspector": """
        /field /plan /drafts /inbox /account /account/password /account/tokens/new /views /help /accessibility
        /views/new?list=cases
        /notas/new /notas/new?q={word} /notas/{draft} /notas/{draft}/company /notas/{draft}/place
        /notas/{draft}/workers /notas/{draft}/findings /notas/{draft}/notes /notas/{draft}/review
        /drafts/{draft}/delete /notas/{issued}/done
        /cases /cases?status=resolved /cases?region=53.71 /cases?q={word} /cases/{case} /cases/{case}/history
        /cases/{case}/recheck /cases/{case}/receipt
        /companies /companies?q={word} /companies?region=53.71 /companies/{company} /companies/new
        /companies/alike?name={word} /companies/{company}/edit /companies/{company}/workplaces/new
        /companies/{branched}/workplaces/{workplace}
    """,
    "supervisor": """
        /escalations /approvals /search?q={word} /cases?view=revisit /cases?view=lapsed
        /queue /queue?load=1 /queue?q={word} /queue?late=91
        /cases/{case}/withdraw /cases/{case}/readings /cases/{case}/reassign /cases/{resolved}/reopen
    """,
    "compliance": """
        /imports /plan /plan?region=53.71 /plan/{plan}/drop /queue/review
        /queue/confirm?act=remind&case={case_id}
        /companies/doubtful /companies/duplicates
        /companies/{company}/merge /companies/{company}/merge/{other}
        /cases/{case}/extend
        /cases/{case}/escalate /cases/{case}/remind /cases/{failed}/sanction /flags /flags?state=lifted
        /flags?state=review
        /flags?region=53.71 /flags?level=hold /flags/{flag} /flags/{flag}/lift
    """,
    "licensing": """
        /check /check/{receipt} /check/{receipt}/print /check/choose?asked={word} /check/history
        /check/history?q={word} /flags /flags/{flag} /flags/{flag}/ask /cases/{failed}
        /check/{receipt}/ask/{failed}
    """,
    "admin": """
        / /admin /admin/users /admin/users/1 /admin/users/1/factors /admin/access
        /admin/users/new
        /admin/offices /admin/offices/ptsp-53.71 /admin/calendar
        /admin/calendar/change?add=2026-12-28&name=Contoh&kind=office
        /admin/settings /admin/settings/change?recheck_months=4 /admin/jobs /admin/audit
        /admin/audit?kind=nota.issued /admin/audit?actor={inspector} /imports
    """,
    "program": """
        /api/v1/cases /api/v1/cases?overdue=true /api/v1/cases?overdue=false /api/v1/cases?status=withdrawn
        /api/v1/cases?region=53.71 /api/v1/cases?inspector={inspector} /api/v1/cases/{case_id}
        /api/v1/cases/{case_id}/events /api/v1/companies /api/v1/companies?q={word}
        /api/v1/companies/{company}
        /api/v1/flags /api/v1/flags?active=true /api/v1/flags?active=false /api/v1/clearance/{receipt}
        /api/v1/openapi.json
    """,
    "stranger": "/login /forgot-password /verify /verify/{code} /healthz /readyz /offline /sw.js",
}
"""The addresses that each role opens; the parts in braces are filled in by `facts_of`."""
NOT_HERE = {
    "/assets/<digest>/<path:name>": "a file",
    "/cases.csv": "as long as its list",
    "/companies.csv": "as long as its list",
    "/flags.csv": "as long as its list",
    "/flags/acknowledgements": "leads to the list",
    "/plan.csv": "as long as its list",
    "/queue.csv": "as long as its list",
    "/check/history.csv": "as long as its list",
    "/admin/audit.csv": "as long as its list",
    "/admin/security": "bounded: rows go after some days, and beyond half a million",
    "/admin/security.csv": "as long as its list",
    "/admin/access.csv": "as long as its list",
    "/imports/<int:id>.csv": "as long as its list",
    "/imports/<int:id>": "as long as its file",
    "/companies/merges/<int:id>": "one merge, by its id",
    "/companies/doubtful/<int:id>/leave": "one company, by its id",
    "/companies/<int:id>/separate": "one company, by its id",
    "/cases/<number>/questions/<int:id>": "one question, by its id",
    "/queue/handovers/<uuid:key>": "one handover",
    "/views/<int:id>": "one saved list, by its id",
    "/reset-password/<secret>": "one link",
    "/cases/<number>/recheck/undo": "leads to the case",
    "/companies/<int:id>/circumstance": "one company, by its id",
    "/companies/<int:id>/circumstances/<int:circumstance_id>": "one circumstance, by its id",
    "/cases/<number>/dispute": "one case, by its number",
    "/approvals/<int:id>": "one nota, by its id",
    "/approvals/<int:id>/preview.pdf": "one nota, by its id",
    "/approvals/cases/<int:id>": "one case, by its id",
    "/cases/<number>/nota-number": "one case, by its number",
    "/cases/<number>/second-nota": "one case, by its number",
    "/cases/<number>/second-receipt": "one case, by its number",
    "/cases/<number>/disputes/<int:id>": "one dispute, by its id",
    "/companies/<int:id>/sanction": "one company, by its id",
    "/admin/offices/<code>/permits": "one office's kinds of permit",
    "/admin/offices/<code>/end": "one office",
    "/imports/template/<kind>.csv": "one line",
    "/metrics": "counts of what is due and waits, by their indexes",
    "/login/second": "only after a password, for somebody with a second factor",
    "/account/confirm": "asks for a code; nothing is listed",
    "/account/factors": "a few rows of one person",
    "/account/factors/app": "one form",
    "/account/factors/passkey": "one form",
    "/setup": "only while nobody works here",
    "/setup/province": "only while nobody works here",
    "/setup/offices": "only while nobody works here",
    "/setup/settings": "only while nobody works here",
    "/setup/people": "only while nobody works here",
    "/api/v1/flags/<int:id>": "one flag, by its id",
    "/letters/<int:id>.pdf": "a file",
    "/letters/<int:id>": "one letter, by its id",
    "/letters/<int:id>/preview.pdf": "one letter, by its id",
    "/letters/<int:id>/approve": "one letter, by its id",
    "/letters/<int:id>/return": "one letter, by its id",
    "/letters/<int:id>/number": "one letter, by its id",
    "/letters/<int:id>/record-number": "one letter, by its id",
    "/letters/<int:id>/sign": "one letter, by its id",
    "/letters/<int:id>/serve": "one letter, by its id",
    "/letters/<int:id>/edit": "one letter, by its id",
    "/letters/<int:id>/replace": "one letter, by its id",
    "/letters/<int:id>/withdraw": "one letter, by its id",
    "/cases/<number>/letters/new": "one case, by its number",
    "/cases/<number>/letters/new/<kind>": "one case, by its number",
    "/companies/<int:id>/letters/new": "one company, by its id",
    "/api/v1/letters/<int:id>": "one letter, by its id",
    "/letters/<int:id>/signed": "a file",
    "/api/v1/letters/<int:id>/signed": "a file",
    "/flags/<int:id>/letters": "one flag, by its id",
    "/admin/signatories": "a few",
    "/admin/offices/<code>/letterhead": "a few, of one office",
    "/admin/offices/<code>/letterhead/preview": "a file",
    "/admin/signatories/preview": "a file",
    "/admin/signatories/<int:id>": "one signatory, by its id",
    "/admin/trust-roots": "a few",
    "/admin/articles": "the articles of the catalogue, a few dozen",
    "/admin/articles/<int:id>": "the versions of one article, a few",
    "/admin/articles/<int:id>/preview": "a file",
    "/admin/articles/<int:id>/drop": "the versions of one article, a few",
    "/admin/wording": "a few",
    "/admin/wording/<kind>": "the versions of one kind, a few",
    "/admin/wording/<kind>/preview": "a file",
    "/admin/trust-roots/<int:id>/remove": "one certificate, by its id",
    "/admin/signatories/<int:id>/end": "one signatory, by its id",
    "/api/v1/cases/<int:id>/letters": "one case, by its id",
    "/api/v1/letters/<int:id>/pdf": "a file",
    "/api/v1/cases/<int:id>/packet": "a file",
    "/cases/<number>/files": "one case, by its number",
    "/notas/<uuid:draft_key>/photos": "one draft, by its key",
    "/notas/<uuid:draft_key>/preview.pdf": "one draft, by its key",
    "/evidence/<int:id>": "a file",
    "/evidence/<int:id>/small": "a file",
    "/evidence/<int:id>/original": "a file",
    "/api/v1/evidence/<int:id>": "a file",
    "/api/v1/evidence/<int:id>/original": "a file",
    "/evidence/<int:id>/withdraw": "one piece of evidence, by its id",
    "/cases/<number>/escalation": "one escalation, by its case",
    "/beatz": "beats only beside a scheduler",
}
"""Pages that are not measured, and why."""
OVERDUE_AND_RESOLVED = """SELECT c.id, c.number, c.company_id, c.inspector_id, r.number FROM cases c
 JOIN cases r ON r.inspector_id = c.inspector_id AND r.status = 'resolved'
 WHERE c.status = 'recheck_due' AND c.effective_on < ? ORDER BY c.id, r.id LIMIT 1"""
FLAGGED_IN_KUPANG = """SELECT f.id, c.number, f.company_id FROM flags f JOIN cases c ON c.id = f.case_id
 WHERE f.lifted_at IS NULL AND f.region_code = '53.71' ORDER BY f.level, f.id LIMIT 1"""
Figures = dict[tuple[str, int, str, str], float]
"""CPU seconds by kind of store, size, role and page."""
TOKEN = "a second bearer token of the benchmarks"


def measure(run: Run) -> list[Table]:
    sizes = " → ".join(map(count, run.ends))
    columns = ("role", "page", *(f"{kind}, {sizes} companies" for kind in run.kinds))
    table = Table(f"P10 Nothing grows with rows: CPU per page, goal ≤ {GOAL}×", columns)
    programs = dict[tuple[str, int, str, str], Callable[[int], float]]()
    wrong = list[str]()
    for store in run.all(run.ends):
        server = run.server(store)
        facts = facts_of(server)
        for role, pages in PAGES.items():
            headers = _headers(server, role, facts)
            for page in pages.split():
                try:
                    request = _as_answered(server, Request(page.format(**facts), headers=headers))
                    programs[store.kind, store.size, role, page] = _opens(run, server, request)
                except WrongAnswer as failure:
                    wrong.append(f"{role} in {store.name}: {str(failure)[:100]}")
    figures = medians(run.rounds, programs)
    lines = [
        _line(run, figures, role, page) for role, pages in PAGES.items() for page in pages.split()
    ]
    table.rows += [row for _ratio, row in sorted(lines, key=lambda line: -line[0])]
    over = sum(ratio > GOAL for ratio, _row in lines)
    table.notes.append(
        f"{over} of {len(lines)} pages grow by more than {GOAL}× in one of the stores."
    )
    table.notes += wrong
    assert not (wrong and run.is_trial), wrong
    return [table]


def _line(run: Run, figures: Figures, role: str, page: str) -> tuple[float, tuple[str, ...]]:
    """How much a page grows, in the store where it grows most, and its row of the table."""
    cells, most = [], 0.0
    for kind in run.kinds:
        costs = [figures[key] for size in run.ends if (key := (kind, size, role, page)) in figures]
        ratio = costs[-1] / costs[0] if len(costs) == len(run.ends) else 0.0
        cells.append(f"{' → '.join(map(ms, costs))} ({ratio:.2f}×)" if ratio else "no answer")
        most = max(most, ratio)
    return most, (role, f"`{page}`", *cells)


def facts_of(server: Server) -> dict[str, Any]:
    """What fills the addresses: rows of the store that have something to show."""
    raw = server.store.raw
    case_id, case, company, by, resolved = raw.one(OVERDUE_AND_RESOLVED, (str(TODAY),))
    flag, failed, flagged = raw.one(FLAGGED_IN_KUPANG)
    receipt = json.loads(server.ask(question_about(flagged)).text)["receipt"]
    cookie = signed_in(server, f"inspector-{by - FIRST_INSPECTOR}")
    answers = drafted(server, cookie)
    draft, issued = (put_draft(server.store, answers, company, by) for _ in range(2))
    page = server.ask(Request(f"/notas/{issued}/review", headers={"Cookie": cookie})).text
    server.ask(posted(f"/notas/{issued}/review", hidden_fields(page), cookie))
    workplace, branched = raw.one("SELECT id, company_id FROM workplaces ORDER BY id LIMIT 1")
    secret_hash = sha256(TOKEN.encode()).hexdigest()
    raw.run(
        "INSERT INTO api_tokens (user_id, label, secret_hash, created_at) SELECT id, 'pages', ?, ? FROM users"
        " WHERE email = 'team@bench.example' AND NOT EXISTS (SELECT 1 FROM api_tokens WHERE secret_hash = ?)",
        (secret_hash, STAMP, secret_hash),
    )
    return {
        "case_id": case_id,
        "case": case,
        "company": company,
        "other": company + 1,
        "resolved": resolved,
        "flag": flag,
        "failed": failed,
        "receipt": receipt,
        "draft": draft,
        "issued": issued,
        "workplace": workplace,
        "branched": branched,
        "inspector": by,
        "person": f"inspector-{by - FIRST_INSPECTOR}",
        "plan": raw.value("SELECT min(id) FROM plan_entries"),
        "code": raw.value("SELECT code FROM licence_checks WHERE receipt = ?", (receipt,)),
        "word": max(raw.value("SELECT name_key FROM companies WHERE id = 1").split(), key=len),
    }


def _headers(server: Server, role: str, facts: dict[str, Any]) -> dict[str, str]:
    if role == "program":
        return {"Authorization": f"Bearer {TOKEN}"}
    person = facts["person"] if role == "inspector" else PEOPLE.get(role)
    return {"Cookie": signed_in(server, person)} if person else {}


def _as_answered(server: Server, request: Request) -> Request:
    """The request with the status that it is answered with: the page, or a way on to another one."""
    for status in (200, 302, 303):
        asked = replace(request, status=status)
        with suppress(WrongAnswer):
            server.ask(asked)
            return asked
    server.ask(request)
    return request


def _opens(run: Run, server: Server, request: Request) -> Callable[[int], float]:
    return lambda _turn: server.cost([request] * run.some(REQUESTS, least=1))
