"""The counter's question for programs: one number, one verdict, one numbered receipt.

Refuses to guess: where several companies bear a number they are listed, and nothing is answered about any.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask import url_for

from compliance.api import queries
from compliance.api.auth import caller
from compliance.api.operations import Reply, get, post
from compliance.api.schemas import responses
from compliance.api.schemas.requests import NewDecision, Query, Question, Questions
from compliance.companies.identity import Reading, read_number
from compliance.companies.numbers import UncertainNumber, bearers_of, refuse_uncertain
from compliance.core.errors import Invalid, NotFound, Taken
from compliance.core.text import Text, say
from compliance.licensing.checks.commands import MadeCheck, decide_check, make_check
from compliance.licensing.checks.queries import load_check
from compliance.licensing.checks.rules import Answer, CheckedCase
from compliance.licensing.codes import shown_code
from compliance.licensing.models import LicenceCheck
from compliance.policy import require
from compliance.web.formatting import written

_RECEIPT = re.compile(r"[A-Z0-9-]{1,30}")
ONE_NUMBER = say("Kirim tepat satu nomor: nib, npwp, atau npp.")
SEVERAL_COMPANIES = say(
    "Beberapa perusahaan memakai nomor ini. Tanyakan lagi dengan NIB atau NPP perusahaan yang dimaksud."
)


@post("/clearance", body=Question, answer=responses.Check, status=201)
def post_question(body: Question) -> Reply:
    """Ask about the company that bears a number; 409 with `candidates` when several do.

    A filler, a slip and what must be confirmed first are 422, with a `code` and perhaps a `suggestion`.
    """
    require(caller(), "check.make")
    given = [
        (kind, typed) for kind in queries.NUMBER_KINDS if (typed := getattr(body, kind)) is not None
    ]
    if len(given) != 1:
        raise Invalid({kind: ONE_NUMBER for kind, _ in given} or {"": ONE_NUMBER})
    kind, typed = given[0]
    reading = queries.required_number(kind, typed)
    bearers = bearers_of(reading.numbers)
    if not bearers:
        refuse_uncertain(reading, field=kind)
    if len(bearers) > 1:
        raise Taken(SEVERAL_COMPANIES, field=kind, candidates=bearers)
    check = make_check(
        typed,
        bearers[0] if bearers else None,
        by=caller(),
        application=body.application,
        permit_kind=body.permit_kind,
    )
    return Reply(_made(check), status=201, location=url_for("api.get_check", receipt=check.receipt))


@post("/clearance/batch", body=Questions, answer=responses.Batch)
def post_questions(body: Questions) -> Reply:
    """Ask about up to 100 numbers at once; each is answered by itself, in the order asked."""
    require(caller(), "check.make")
    return Reply(responses.Batch(items=[_item(typed) for typed in body.numbers]))


@get("/clearance/<receipt>", answer=responses.Check)
def get_check(query: Query, receipt: str) -> Reply:
    """What was answered then, word for word, and what was decided on it since."""
    return Reply(_kept(_check(receipt)))


@post("/clearance/<receipt>/decision", body=NewDecision, answer=responses.Check)
def post_decision(body: NewDecision, receipt: str) -> Reply:
    """Record what was decided on the application; once."""
    check = _check(receipt, action="check.decide", for_update=True)
    decide_check(
        check, by=caller(), decision=body.decision, application=body.application, note=body.note
    )
    return Reply(_kept(check))


def _check(receipt: str, *, action: str = "check.read", for_update: bool = False) -> LicenceCheck:
    if not _RECEIPT.fullmatch(receipt):
        raise NotFound()
    return load_check(caller(), receipt, action=action, for_update=for_update)


def _item(typed: str) -> responses.BatchItem:
    reading = read_number(typed)
    bearers = bearers_of(reading.numbers)
    if not bearers and (refusal := _refusal(reading)) is not None:
        error, details = written(refusal.reason), refusal.details["numbers"]
        return responses.BatchItem.model_validate({"asked": typed, "error": error, **details})
    if len(bearers) > 1:
        candidates = [responses.CompanyInBrief.model_validate(company) for company in bearers]
        return responses.BatchItem(
            asked=typed,
            candidates=candidates,
            error=written(SEVERAL_COMPANIES),
            code="several_companies",
        )
    check = _made(make_check(typed, bearers[0] if bearers else None, by=caller()))
    return responses.BatchItem(**{name: getattr(check, name) for name in _SHOWN})


def _refusal(reading: Reading) -> Invalid | None:
    """Why a text is not answered as the number of nobody known; None when it is a number."""
    try:
        refuse_uncertain(reading, field="numbers")
    except UncertainNumber as uncertain:
        return uncertain
    if reading.problem is None:
        return None
    return Invalid({"numbers": reading.problem}, details={"numbers": reading.details})


_SHOWN = (
    "asked",
    "receipt",
    "verdict",
    "word",
    "level",
    "answer",
    "reasons",
    "company",
    "checked_at",
)


def _made(check: MadeCheck) -> responses.Check:
    """A check that was made just now, as it is answered."""
    return _response(check, check.answer)


def _kept(check: LicenceCheck) -> responses.Check:
    """A check of before, word for word, and what was decided on it since."""
    decided = check.decision and {
        "application": check.application,
        "decision": check.decision,
        "note": check.decision_note,
        "decided_at": check.decided_at,
    }
    return _response(check, Answer.restored(check.answer), decided=decided)


def _response(
    check: MadeCheck | LicenceCheck, answer: Answer, *, decided: Any = None
) -> responses.Check:
    return responses.Check.model_validate(
        {
            "receipt": check.receipt,
            "asked": check.asked,
            "application": check.application,
            "verdict": answer.verdict,
            "word": written(answer.word),
            "reasons": _sentences(answer.reasons),
            "advice": _sentences(answer.advice),
            "company": answer.company,
            "cases": [_case(case) for case in answer.cases],
            "flags": answer.flags,
            "cleared_by": _sentences(answer.cleared_by),
            "services": _sentences(answer.services),
            "legal_basis": answer.legal_basis,
            "office": answer.office,
            "contact": answer.contact,
            "decide_by": answer.decide_by,
            "time_to_decide": answer.time_to_decide and written(answer.time_to_decide),
            "permit_kind": answer.permit_kind,
            "level": answer.level,
            "answer": answer.conclusion,
            "verification_code": shown_code(check.code),
            "checked_at": check.checked_at,
            "decided": decided,
        }
    )


def _case(case: CheckedCase) -> dict[str, Any]:
    return {**vars(case), "obligations": _sentences(case.obligations)}


def _sentences(texts: Sequence[Text]) -> list[str]:
    return [written(text) for text in texts]
