"""Flags for programs: which stand, who has read them, and lifting one on proof."""

from __future__ import annotations

from compliance.api import queries
from compliance.api.auth import caller, calling_user
from compliance.api.operations import Reply, get, post
from compliance.api.paging import id_in, page_of
from compliance.api.schemas import responses
from compliance.api.schemas.requests import FlagsListed, NewAcknowledgement, NewLift
from compliance.licensing.commands import acknowledge_flag, lift_flag
from compliance.licensing.models import Flag
from compliance.licensing.queries import load_flag
from compliance.web.formatting import written


@get("/flags", answer=responses.FlagList, query=FlagsListed)
def list_flags(query: FlagsListed) -> Reply:
    """Flags in your scope, newest first."""
    rows = queries.flags(caller(), query, after=id_in(query.cursor, Flag))
    shown, following = page_of(Flag, rows, limit=query.limit)
    return Reply(responses.FlagList(items=[flag_response(flag) for flag in shown], next=following))


@post("/flags/<int:id>/acknowledgement", body=NewAcknowledgement, answer=responses.Flag)
def post_acknowledgement(body: NewAcknowledgement, id: int) -> Reply:
    """Say that your licensing office has read the flag; a second time changes nothing."""
    flag = load_flag(caller(), id, for_update=True)
    acknowledge_flag(flag, by=calling_user(), note=body.note)
    return Reply(flag_response(flag))


@post("/flags/<int:id>/lift", body=NewLift, answer=responses.Flag, changes_case=True)
def post_lift(body: NewLift, id: int) -> Reply:
    """Lift a flag on proof; proof against a hold resolves its case."""
    flag = load_flag(caller(), id, for_update=True)
    lift_flag(flag, by=caller(), reason=body.reason, proof=body.proof)
    return Reply(flag_response(flag))


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
        "lift_proof",
    )
    return responses.Flag.model_validate(
        {name: getattr(flag, name) for name in same}
        | {
            "active": flag.is_active,
            "case_number": flag.case.number,
            "reason": written(flag.why),
            "lift_reason": written(flag.why_lifted) if flag.why_lifted else None,
            "acknowledgements": [
                {
                    "office": reading.office.name,
                    "by": reading.by.name,
                    "at": reading.at,
                    "note": reading.note,
                }
                for reading in flag.acknowledgements
            ],
        }
    )
