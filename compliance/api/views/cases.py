"""Cases for programs: issue, receive, visit, extend, withdraw, and read what became of them.

The same commands as the pages use, so what a page refuses is refused here with the same sentence. Refuses a
change that was decided on another state (If-Match), and tells licensing offices no findings.
"""

from __future__ import annotations

import uuid
from dataclasses import fields
from datetime import date
from typing import Any

from flask import url_for

from compliance.api import queries
from compliance.api.auth import caller
from compliance.api.operations import Reply, expect_match, get, post
from compliance.api.paging import id_in, page_of
from compliance.api.schemas import responses
from compliance.api.schemas.proofs import proof_given
from compliance.api.schemas.requests import (
    CasesListed,
    Listed,
    NewApproval,
    NewCase,
    NewExtension,
    NewReceipt,
    NewSecondNota,
    NewVisit,
    NewWithdrawal,
    Query,
)
from compliance.cases.approvals.queries import load_waiting_case, open_submission
from compliance.cases.approvals.rules import SecondNotaFacts
from compliance.cases.commands.approvals import (
    approve_nota,
    issue_or_submit,
    issue_or_submit_second,
    send_back_nota,
    take_back_nota,
)
from compliance.cases.commands.drafts import start_draft
from compliance.cases.commands.ending import withdraw_case
from compliance.cases.commands.nota import record_receipt
from compliance.cases.commands.team import extend_deadline
from compliance.cases.commands.visits import record_visit
from compliance.cases.models import Case, Finding
from compliance.cases.queries import NotaWaits, load_case
from compliance.cases.rules import FindingFacts
from compliance.companies.queries import load_company
from compliance.core.errors import Invalid, NotFound
from compliance.core.events import Event
from compliance.core.keyset import is_id
from compliance.core.text import Text, from_json, say
from compliance.licensing.rules import obligation_of
from compliance.people.readings.commands import note_reading
from compliance.policy import may, require
from compliance.web.formatting import language, written


@post(
    "/cases",
    body=NewCase,
    answer=responses.CaseAsRead,
    status=201,
    tagged=True,
    later=responses.CaseWaiting,
)
def post_case(body: NewCase) -> Reply:
    """Issue a nota: the case, its numbers, its recheck and the messages to the licensing offices,
    or nothing. Where the office wants approval, it waits (202).
    """
    by = caller()
    try:
        company = load_company(by, body.company_id)
    except NotFound:
        raise Invalid({"company_id": say("Perusahaan ini tidak ditemukan.")}) from None
    case = start_draft(company, by=by, draft_key=str(uuid.uuid4()))
    nota = issue_or_submit(case, by=by, facts=body.facts())
    return _answer(case, status=201) if nota is not None else _waiting_answer(case)


@get("/cases", answer=responses.CaseList, query=CasesListed)
def list_cases(query: CasesListed) -> Reply:
    """Cases in your scope, newest first."""
    rows = queries.cases(caller(), query, after=id_in(query.cursor, Case))
    shown, following = page_of(Case, rows, limit=query.limit)
    return Reply(responses.CaseList(items=[case_response(case) for case in shown], next=following))


@get("/cases/<int:id>", answer=responses.CaseAsRead, tagged=True)
def get_case(query: Query, id: int) -> Reply:
    """One case, with the ETag that a change needs; also one whose Nota I waits for approval."""
    try:
        case = _case(id, "case.read")
        page = url_for("cases.show", number=case.number)
        note_reading("case", f"case:{id}", page=page, by=caller())
        return _answer(case)
    except NotaWaits:
        case = load_waiting_case(caller(), id, action="case.issue")
        return Reply(_waiting_in_brief(case), version=case.version)


@get("/cases/<int:id>/events", answer=responses.EventList, query=Listed)
def list_events(query: Listed, id: int) -> Reply:
    """Everything that happened to the case, oldest first; also to one whose Nota I waits for approval."""
    try:
        case = _case(id, "case.history")
    except NotaWaits:
        case = load_waiting_case(caller(), id, action="case.history")
    rows = queries.events(case, query, after=id_in(query.cursor, Event))
    shown, following = page_of(Event, rows, limit=query.limit)
    items = [
        responses.Event(
            id=event.id,
            kind=event.kind,
            at=event.at,
            by=event.actor_name,
            channel=event.channel,
            token=event.token_name,
            reason=event.reason,
            data={name: plain_json(fact) for name, fact in event.data.items()},
        )
        for event in shown
    ]
    return Reply(responses.EventList(items=items, next=following))


@post(
    "/cases/<int:id>/receipt",
    body=NewReceipt,
    answer=responses.CaseReceived,
    tagged=True,
    changes_case=True,
)
def post_receipt(body: NewReceipt, id: int) -> Reply:
    """Record who received the nota; starts the findings' deadlines, or the time of Nota II, and says what it
    moved.
    """
    case = _case(id, "case.receipt", for_change=True)
    moved = record_receipt(
        case,
        by=caller(),
        received_on=body.received_on,
        received_by=body.received_by,
        kind=body.kind,
    )
    told_moved = [{"what": what, "from": before, "to": after} for what, before, after in moved]
    received = responses.CaseReceived.model_validate({**dict(_in_full(case)), "moved": told_moved})
    return Reply(received, version=case.version)


@post(
    "/cases/<int:id>/second-nota",
    body=NewSecondNota,
    answer=responses.CaseAsRead,
    status=201,
    tagged=True,
    changes_case=True,
    later=responses.CaseAsRead,
)
def post_second_nota(body: NewSecondNota, id: int) -> Reply:
    """Issue Nota II: the last warning, when the time of Nota I is over and something is open.

    Where the office wants approval, it waits (202).
    """
    case = _case(id, "case.issue", for_change=True)
    nota = issue_or_submit_second(case, by=caller(), facts=SecondNotaFacts(**body.model_dump()))
    return _answer(case, status=201 if nota is not None else 202)


@post(
    "/cases/<int:id>/approval",
    body=NewApproval,
    answer=responses.CaseAsRead,
    tagged=True,
    changes_case=True,
)
def post_approval(body: NewApproval, id: int) -> Reply:
    """Approve a nota that waits, which issues it today; or send it back, or take it back."""
    action = "case.issue" if body.decision == "take_back" else "nota.approve"
    require(caller(), action)
    case = load_waiting_case(caller(), id, action=action, for_update=True)
    expect_match(case.version)
    if body.decision == "approve":
        approve_nota(case, by=caller())
    elif body.decision == "send_back":
        send_back_nota(case, by=caller(), reason=body.reason)
    else:
        take_back_nota(case, by=caller())
    return _answer(case) if case.number else Reply(_waiting_in_brief(case), version=case.version)


@post(
    "/cases/<int:id>/visits",
    body=NewVisit,
    answer=responses.CaseAsRead,
    status=201,
    tagged=True,
    changes_case=True,
)
def post_visit(body: NewVisit, id: int) -> Reply:
    """Record a recheck's visit; the case goes where the outcome leads."""
    if body.outcome == "complied" and body.workers_registered is None:
        raise Invalid({"workers_registered": say("Isi jumlah pekerja yang kini terdaftar.")})
    case = _case(id, "case.visit", for_change=True)
    record_visit(case, by=caller(), facts=body.facts())
    return _answer(case, status=201)


@post(
    "/cases/<int:id>/extension",
    body=NewExtension,
    answer=responses.CaseAsRead,
    tagged=True,
    changes_case=True,
)
def post_extension(body: NewExtension, id: int) -> Reply:
    """Put off the recheck, once. The deadlines of the nota do not change."""
    case = _case(id, "case.extend", for_change=True)
    extend_deadline(case, by=caller(), until=body.until, reason=body.reason)
    return _answer(case)


@post(
    "/cases/<int:id>/withdrawal",
    body=NewWithdrawal,
    answer=responses.CaseAsRead,
    tagged=True,
    changes_case=True,
)
def post_withdrawal(body: NewWithdrawal, id: int) -> Reply:
    """Take the nota back: it should not have been issued. Every flag is lifted."""
    case = _case(id, "case.withdraw", for_change=True)
    withdraw_case(case, by=caller(), reason=body.reason)
    return _answer(case)


def _case(id: int, action: str, *, for_change: bool = False) -> Case:
    """The case for `action`; for a change locked, and in the state the caller decided on."""
    if not is_id(id):
        raise NotFound()
    case = load_case(caller(), id=id, action=action, for_update=for_change)
    if for_change:
        expect_match(case.version)
    return case


def _answer(case: Case, *, status: int = 200) -> Reply:
    location = url_for("api.get_case", id=case.id) if status == 201 else None
    return Reply(case_response(case), status=status, location=location, version=case.version)


def _waiting_answer(case: Case) -> Reply:
    """That the case waits, and where it will be."""
    location = url_for("api.get_case", id=case.id)
    return Reply(_waiting_in_brief(case), status=202, location=location, version=case.version)


def _waiting(case: Case) -> dict[str, Any] | None:
    """What of the case waits; None for nothing."""
    submission = open_submission(case)
    if submission is None:
        return None
    by = submission.submitted_by.name
    return {"kind": submission.kind, "since": submission.submitted_at, "by": by}


def _waiting_in_brief(case: Case) -> responses.CaseWaiting:
    names = ("id", "status", "company_id", "region_code", "inspector", "version")
    return responses.CaseWaiting.model_validate(
        {name: getattr(case, name) for name in names} | {"waiting": _waiting(case)}
    )


def case_response(case: Case) -> responses.Case | responses.CaseForLicensing:
    """The case as its caller may read it."""
    return _in_full(case) if may(caller(), "case.findings", case) else _in_brief(case)


_SHARED = (
    "id",
    "number",
    "status",
    "company_id",
    "region_code",
    "workers_total",
    "workers_registered",
    "inspector",
    "unresolved_on",
    "resolved_on",
    "withdrawn_on",
    "version",
)


def _in_full(case: Case) -> responses.Case:
    assert case.nota is not None
    return responses.Case.model_validate(
        {
            name: getattr(case, name)
            for name in (
                *_SHARED,
                "extended_on",
                "disputed_since",
                "next_visit_on",
                "created_at",
                "updated_at",
                "nota",
                "second_nota",
            )
        }
        | {
            "note": case.nota.note,
            "waiting": _waiting(case),
            "recheck": {
                "due_on": case.due_on,
                "effective_on": case.effective_on,
                "why": [written(sentence) for sentence in case.why],
            },
            "findings": [_finding(finding) for finding in case.findings],
            "visits": [
                {
                    "id": visit.id,
                    "visited_on": visit.visited_on,
                    "outcome": visit.outcome,
                    "note": visit.note,
                    "by": visit.by.name,
                    "workers_total": visit.workers_total,
                    "workers_registered": visit.workers_registered,
                    "not_met_reason": visit.not_met_reason,
                    "proof": written(visit.proven_by) or None,
                    "membership_proof": proof_given(visit.membership),
                    "recorded_at": visit.recorded_at,
                    "undone_at": visit.undone_at,
                }
                for visit in case.visits
            ],
        }
    )


def _in_brief(case: Case) -> responses.CaseForLicensing:
    kinds = dict.fromkeys(obligation_of(finding.violation.norm_group) for finding in case.findings)
    return responses.CaseForLicensing.model_validate(
        {name: getattr(case, name) for name in (*_SHARED, "disputed_since", "nota")}
        | {
            "recheck": {"due_on": case.due_on, "effective_on": case.effective_on},
            "obligations": list(kinds),
        }
    )


def _finding(finding: Finding) -> responses.Finding:
    violation = finding.violation
    return responses.Finding.model_validate(
        {field.name: getattr(finding, field.name) for field in fields(FindingFacts)}
        | {
            "id": finding.id,
            "violation": violation.code,
            "norm_group": violation.norm_group,
            "title": violation.title_en if language() == "en" else violation.title,
            "legal_basis": violation.legal_basis,
            "deadline_on": finding.deadline_on,
            "fixed_on": finding.fixed_on,
        }
    )


def plain_json(fact: Any) -> Any:
    """A recorded fact as plain JSON: sentences in the reader's words, days and instants as ISO 8601."""
    if isinstance(fact, list):
        return [plain_json(part) for part in fact]
    read = from_json(fact)
    if isinstance(read, Text):
        return written(read)
    if isinstance(read, date):
        return read.isoformat().replace("+00:00", "Z")
    if isinstance(read, dict):
        return {name: plain_json(part) for name, part in read.items()}
    return read
