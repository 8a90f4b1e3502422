"""The verbs of disputes: record one, say where it stands or how it ended. The case is locked by the caller.

A dispute stops nothing: an objection does not suspend a decision (UU 30/2014 art. 75–78). It is told.
"""

from __future__ import annotations

from datetime import date

from compliance.cases.disputes.models import DISPUTE_KINDS, Dispute
from compliance.cases.disputes.queries import disputes_of
from compliance.cases.models import Case
from compliance.cases.workflow import DRAFT
from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Invalid, Refusal
from compliance.core.events import Subject, record
from compliance.core.parsing import clean_line, too_long
from compliance.core.text import Text, say
from compliance.office.settings import today
from compliance.policy import Actor, command

_LONGEST_NUMBER, _LONGEST_STAGE, _LONGEST_OUTCOME = 100, 200, 500


@command("case.dispute")
def record_dispute(
    case: Case,
    *,
    by: Actor,
    kind: str,
    filed_on: date | None,
    number: str | None = None,
    stage: str | None = None,
) -> Dispute:
    """The company objects, appeals or sues. Raises Invalid, Refusal."""
    number, stage = clean_line(number), clean_line(stage)
    problems: dict[str, Text] = {}
    if kind not in DISPUTE_KINDS:
        problems["kind"] = say("Pilih jenis sengketa.")
    _check_day(problems, "filed_on", filed_on, first=case.nota.issued_on if case.nota else None)
    _check_length(problems, number=(number, _LONGEST_NUMBER), stage=(stage, _LONGEST_STAGE))
    if problems:
        raise Invalid(problems)
    if case.status == DRAFT:
        raise Refusal(say("Draf belum dapat disengketakan."))
    assert filed_on is not None
    dispute = Dispute(
        case_id=case.id,
        kind=kind,
        filed_on=filed_on,
        number=number,
        stage=stage,
        recorded_at=clock.now(),
    )
    db.session.add(dispute)
    db.session.flush()
    _say_on_case(case)
    record(
        "case.disputed",
        by=by,
        case=case,
        subject=Subject("dispute", dispute.id),
        dispute=kind,
        filed_on=filed_on,
        number=number,
        stage=stage,
    )
    return dispute


@command("case.dispute", about=None)
def change_dispute(
    dispute: Dispute,
    *,
    case: Case,
    by: Actor,
    stage: str | None = None,
    outcome: str | None = None,
    ended_on: date | None = None,
) -> None:
    """Where it stands now, or how it ended. Raises Invalid, Refusal."""
    stage, outcome = clean_line(stage), clean_line(outcome)
    problems: dict[str, Text] = {}
    _check_length(problems, stage=(stage, _LONGEST_STAGE), outcome=(outcome, _LONGEST_OUTCOME))
    if ended_on is not None and outcome is None:
        problems["outcome"] = say("Tuliskan hasilnya, misalnya ditolak atau dikabulkan.")
    if outcome is not None:
        _check_day(problems, "ended_on", ended_on, first=dispute.filed_on)
    if problems:
        raise Invalid(problems)
    if dispute.ended_on is not None:
        raise Refusal(say("Sengketa ini sudah berakhir {day}.", day=dispute.ended_on))
    dispute.stage = stage or dispute.stage
    dispute.outcome, dispute.ended_on = outcome, ended_on
    db.session.flush()
    _say_on_case(case)
    record(
        "case.dispute_changed",
        by=by,
        case=case,
        subject=Subject("dispute", dispute.id),
        dispute=dispute.kind,
        stage=dispute.stage,
        outcome_of_dispute=outcome,
        ended_on=ended_on,
    )


def _say_on_case(case: Case) -> None:
    """The case says since when it is disputed; nothing when no dispute is open."""
    still = [dispute.filed_on for dispute in disputes_of(case) if dispute.ended_on is None]
    case.disputed_since, case.updated_at = min(still, default=None), clock.now()


def _check_day(
    problems: dict[str, Text], field: str, day: date | None, *, first: date | None
) -> None:
    if day is None:
        problems[field] = say("Isi tanggal, misalnya 18-3-2026")
    elif day > today() or (first is not None and day < first):
        problems[field] = say("Isi tanggal antara {first} dan hari ini.", first=first)


def _check_length(problems: dict[str, Text], **lines: tuple[str | None, int]) -> None:
    problems |= {
        field: reason for field, (line, most) in lines.items() if (reason := too_long(line, most))
    }
