"""Flags for programs: which stand, who has read them, and lifting one on proof."""

from __future__ import annotations

from flask import url_for

from compliance.api import queries
from compliance.api.auth import caller, calling_user
from compliance.api.file_operations import post_file
from compliance.api.operations import Reply, get, post
from compliance.api.paging import id_in, page_of
from compliance.api.schemas import responses
from compliance.api.schemas.files import EvidenceAsKept, NewBpjsLetter, NewProofFile
from compliance.api.schemas.proofs import proof_given
from compliance.api.schemas.requests import (
    FlagsListed,
    NewAcknowledgement,
    NewLift,
    NewSanction,
    Query,
)
from compliance.api.views.evidence import evidence_as_kept
from compliance.companies.queries import load_company
from compliance.files.commands import ReceivedFile
from compliance.licensing.commands import acknowledge_flag, lift_flag
from compliance.licensing.lifting import add_proof_file
from compliance.licensing.models import Flag
from compliance.licensing.queries import load_flag
from compliance.licensing.sanctions import day_of_letter, file_letter, record_sanction_of
from compliance.policy import may
from compliance.web.formatting import written


@get("/flags", answer=responses.FlagList, query=FlagsListed)
def list_flags(query: FlagsListed) -> Reply:
    """Flags in your scope, newest first."""
    rows = queries.flags(caller(), query, after=id_in(query.cursor, Flag))
    shown, following = page_of(Flag, rows, limit=query.limit)
    return Reply(responses.FlagList(items=[flag_response(flag) for flag in shown], next=following))


@get("/flags/<int:id>", answer=responses.Flag)
def get_flag(query: Query, id: int) -> Reply:
    """One flag in your scope."""
    return Reply(flag_response(load_flag(caller(), id)))


@post("/flags/<int:id>/acknowledgement", body=NewAcknowledgement, answer=responses.Flag)
def post_acknowledgement(body: NewAcknowledgement, id: int) -> Reply:
    """Say that your licensing office has read the flag; a second time changes nothing."""
    flag = load_flag(caller(), id, for_update=True)
    acknowledge_flag(flag, by=calling_user(), answer=body.answer, note=body.note)
    return Reply(flag_response(flag))


@post("/flags/<int:id>/lift", body=NewLift, answer=responses.Flag, changes_case=True)
def post_lift(body: NewLift, id: int) -> Reply:
    """Lift a flag on proof; proof against a hold resolves its case. A sanction asks BPJS's letter."""
    flag = load_flag(caller(), id, for_update=True)
    lift_flag(
        flag,
        by=caller(),
        reason=body.reason,
        proof=body.proven_by,
        letter_number=body.letter_number,
        letter_on=body.letter_on,
        received_on=body.received_on,
    )
    return Reply(flag_response(flag))


@post("/companies/<int:id>/sanctions", body=NewSanction, answer=responses.Flag, status=201)
def post_sanction(body: NewSanction, id: int) -> Reply:
    """Pass on a letter of BPJS about a company that has no open case; the labour office imposes nothing."""
    company = load_company(caller(), id, action="flag.sanction", for_update=True)
    flag = record_sanction_of(
        company,
        by=caller(),
        letter_number=body.letter_number,
        letter_on=body.letter_on,
        services=body.services,
        received_on=body.received_on,
    )
    return Reply(flag_response(flag), status=201, location=url_for("api.get_flag", id=flag.id))


def _letter_may_be_filed(body: NewBpjsLetter, id: int) -> None:
    day_of_letter(load_flag(caller(), id, action="flag.sanction"), body.kind)


@post_file(
    "/flags/<int:id>/letters",
    form=NewBpjsLetter,
    answer=responses.Flag,
    allowed=_letter_may_be_filed,
)
def post_bpjs_letter(body: NewBpjsLetter, sent: ReceivedFile, id: int) -> Reply:
    """File the scan of a letter of BPJS about a sanction: its request, or the one that lifts it."""
    flag = load_flag(caller(), id, action="flag.sanction", for_update=True)
    file_letter(
        flag,
        by=caller(),
        kind=body.kind,
        **vars(sent),
        received_on=body.received_on,
    )
    return Reply(flag_response(flag), status=201, location=url_for("api.get_flag", id=id))


def _proof_may_be_added(body: NewProofFile, id: int) -> None:
    load_flag(caller(), id, action="flag.lift")


@post_file(
    "/flags/<int:id>/evidence",
    form=NewProofFile,
    answer=EvidenceAsKept,
    allowed=_proof_may_be_added,
)
def post_flag_evidence(body: NewProofFile, sent: ReceivedFile, id: int) -> Reply:
    """Add a file that proves that a flag may be lifted; `POST /flags/{id}/lift` names it in its proof."""
    evidence = add_proof_file(
        load_flag(caller(), id, action="flag.lift", for_update=True),
        by=caller(),
        **vars(sent),
        note=body.note,
        class_=body.evidence_class,
    )
    location = url_for("api.get_evidence", id=evidence.id)
    return Reply(evidence_as_kept(evidence), status=201, location=location)


def flag_response(flag: Flag) -> responses.Flag:
    """The flag as the API tells it."""
    same = (
        "id",
        "level",
        "company",
        "case_id",
        "since_on",
        "review_on",
        "letter_number",
        "letter_on",
        "raised_at",
        "raised_by",
        "lifted_at",
        "lifted_by",
        "lift_letter_number",
        "lift_letter_on",
    )
    by = caller()
    return responses.Flag.model_validate(
        {name: getattr(flag, name) for name in same}
        | {
            "active": flag.is_active,
            "case_number": flag.case.number if flag.case else None,
            "services": flag.services or [],
            "reason": written(flag.why),
            "lift_proof": written(flag.lifted_on_proof) or None,
            "membership_proof": proof_given(flag.membership),
            "bpjs_letters": [
                {
                    "kind": letter.kind,
                    "received_on": letter.received_on,
                    "evidence": letter.evidence_id,
                }
                for letter in (flag.bpjs_letters if may(by, "evidence.read", flag) else ())
            ],
            "lift_reason": written(flag.why_lifted) if flag.why_lifted else None,
            "acknowledgements": [
                {
                    "office": reading.office.name,
                    "by": reading.by.name,
                    "at": reading.at,
                    "answer": reading.answer,
                    "note": reading.note,
                }
                for reading in flag.acknowledgements
            ],
        }
    )
