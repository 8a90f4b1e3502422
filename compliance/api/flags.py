"""Flags for programs: which stand, who has read them, and lifting one on proof."""

from __future__ import annotations

from compliance.api import answers, queries
from compliance.api.auth import caller
from compliance.api.operations import Answer, get, post
from compliance.api.paging import id_in, page_of
from compliance.api.schemas import FlagsListed, NewAcknowledgement, NewLift
from compliance.licensing.commands import acknowledge_flag, lift_flag
from compliance.licensing.models import Flag
from compliance.licensing.queries import load_flag
from compliance.web.formatting import written


@get("/flags", answer=answers.FlagList, query=FlagsListed)
def list_flags(query: FlagsListed) -> Answer:
    """Flags in your scope, newest first."""
    rows = queries.flags(caller(), query, after=id_in(query.cursor, Flag))
    shown, following = page_of(Flag, rows, limit=query.limit)
    return Answer(answers.FlagList(items=[told(each) for each in shown], next=following))


@post("/flags/<int:id>/acknowledgement", body=NewAcknowledgement, answer=answers.Flag)
def post_acknowledgement(body: NewAcknowledgement, id: int) -> Answer:
    """Say that your licensing office has read the flag; a second time changes nothing."""
    flag = load_flag(caller(), id, for_update=True)
    acknowledge_flag(flag, by=caller(), note=body.note)
    return Answer(told(flag))


@post("/flags/<int:id>/lift", body=NewLift, answer=answers.Flag, changes_case=True)
def post_lift(body: NewLift, id: int) -> Answer:
    """Lift a flag on proof; proof against a hold resolves its case."""
    flag = load_flag(caller(), id, for_update=True)
    lift_flag(flag, by=caller(), reason=body.reason, proof=body.proof)
    return Answer(told(flag))


def told(flag: Flag) -> answers.Flag:
    """The flag as the API tells it."""
    same = (
        "id", "level", "company", "case_id", "since_on", "review_on", "letter_number", "letter_on", "raised_at",
        "raised_by", "lifted_at", "lifted_by", "lift_proof",
    )  # fmt: skip
    return answers.Flag.model_validate(
        {name: getattr(flag, name) for name in same}
        | {
            "active": flag.is_active,
            "case_number": flag.case.number,
            "reason": written(flag.why),
            "lift_reason": written(flag.why_lifted) if flag.why_lifted else None,
            "acknowledgements": [
                {"office": each.office.name, "by": each.by.name, "at": each.at, "note": each.note}
                for each in flag.acknowledgements
            ],
        }
    )
