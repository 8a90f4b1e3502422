"""Cases for programs: issue, receive, visit, extend, withdraw, and read what became of them.

The same commands as the pages use, so what a page refuses is refused here with the same sentence. Refuses a
change that was decided on another state (If-Match), and tells licensing offices no findings.
"""

from __future__ import annotations

import uuid
from dataclasses import fields

from flask import url_for

from compliance.api import queries
from compliance.api.auth import caller
from compliance.api.operations import Reply, expect_match, get, post
from compliance.api.paging import id_in, page_of
from compliance.api.schemas import responses
from compliance.api.schemas.requests import (
    CasesListed,
    Listed,
    NewCase,
    NewExtension,
    NewReceipt,
    NewVisit,
    NewWithdrawal,
    Query,
)
from compliance.cases.commands.drafts import start_draft
from compliance.cases.commands.ending import withdraw_case
from compliance.cases.commands.nota import issue_nota, record_receipt
from compliance.cases.commands.rechecks import record_visit
from compliance.cases.commands.team import extend_deadline
from compliance.cases.models import Case, Finding
from compliance.cases.queries import load_case
from compliance.cases.rules import FindingFacts
from compliance.companies.queries import load_company
from compliance.core.errors import Invalid, NotFound
from compliance.core.events import Event
from compliance.core.keyset import is_id
from compliance.core.text import say
from compliance.licensing.rules import obligation_of
from compliance.policy import may
from compliance.web.formatting import language, written


@post("/cases", body=NewCase, answer=responses.CaseAsRead, status=201, tagged=True)
def post_case(body: NewCase) -> Reply:
    """Issue a nota: the case, its numbers, its recheck and the messages to the licensing offices,
    or nothing.
    """
    by = caller()
    try:
        company = load_company(by, body.company_id)
    except NotFound:
        raise Invalid({"company_id": say("Perusahaan ini tidak ditemukan.")}) from None
    case = start_draft(company, by=by, draft_key=str(uuid.uuid4()))
    issue_nota(case, by=by, facts=body.facts())
    return _answer(case, status=201)


@get("/cases", answer=responses.CaseList, query=CasesListed)
def list_cases(query: CasesListed) -> Reply:
    """Cases in your scope, newest first."""
    rows = queries.cases(caller(), query, after=id_in(query.cursor, Case))
    shown, following = page_of(Case, rows, limit=query.limit)
    return Reply(responses.CaseList(items=[case_response(case) for case in shown], next=following))


@get("/cases/<int:id>", answer=responses.CaseAsRead, tagged=True)
def get_case(query: Query, id: int) -> Reply:
    """One case, with the ETag that a change needs."""
    return _answer(_case(id, "case.read"))


@get("/cases/<int:id>/events", answer=responses.EventList, query=Listed)
def list_events(query: Listed, id: int) -> Reply:
    """Everything that happened to the case, oldest first."""
    case = _case(id, "case.history")
    rows = queries.events(case, query, after=id_in(query.cursor, Event))
    shown, following = page_of(Event, rows, limit=query.limit)
    items = [
        responses.Event(
            id=event.id,
            kind=event.kind,
            at=event.at,
            by=event.actor_name,
            reason=event.reason,
            data={name: responses.plain(fact) for name, fact in event.data.items()},
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
    """Record who received the nota; starts the findings' deadlines and says what it moved."""
    case = _case(id, "case.receipt", for_change=True)
    moved = record_receipt(
        case, by=caller(), received_on=body.received_on, received_by=body.received_by
    )
    told_moved = [{"what": what, "from": before, "to": after} for what, before, after in moved]
    received = responses.CaseReceived.model_validate({**dict(_in_full(case)), "moved": told_moved})
    return Reply(received, version=case.version)


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
    record_visit(
        case,
        by=caller(),
        visited_on=body.visited_on,
        outcome=body.outcome,
        workers_registered=body.workers_registered,
        fixed=body.fixed,
        note=body.note or None,
    )
    return _answer(case, status=201)


@post(
    "/cases/<int:id>/extension",
    body=NewExtension,
    answer=responses.CaseAsRead,
    tagged=True,
    changes_case=True,
)
def post_extension(body: NewExtension, id: int) -> Reply:
    """Give the company more time, once."""
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
            for name in (*_SHARED, "extended_on", "created_at", "updated_at", "nota")
        }
        | {
            "note": case.nota.note,
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
                    "workers_registered": visit.workers_registered,
                    "recorded_at": visit.recorded_at,
                }
                for visit in case.visits
            ],
        }
    )


def _in_brief(case: Case) -> responses.CaseForLicensing:
    kinds = dict.fromkeys(obligation_of(finding.violation.norm_group) for finding in case.findings)
    return responses.CaseForLicensing.model_validate(
        {name: getattr(case, name) for name in (*_SHARED, "nota")}
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
