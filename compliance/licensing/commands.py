"""The verbs of flags and questions: raise, lift and answer a flag; ask the inspector.

The verbs of checks stand in `checks/commands`.

A flag is changed under the lock of its case, or of its company where it has none (`queries.load_flag`), so
that two people, or a person and the clock, never both raise or lift it; the store's index is the last word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from compliance.cases.models import Case
from compliance.cases.proofs.models import MembershipProof
from compliance.cases.proofs.rules import ProofFacts
from compliance.cases.queries import questions_on
from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Invalid, NotFound, Refusal
from compliance.core.events import Event, Subject, record, record_many
from compliance.core.parsing import clean_lines, reason_problem, too_long
from compliance.core.text import Text, say
from compliance.licensing import queries
from compliance.licensing.lifting import PROOF_NEEDED, kept_proof, lifting_letter, proof_refusals
from compliance.licensing.models import (
    ANSWERS,
    OF_THE_INSPECTORATE,
    REVIEW_DAYS,
    Acknowledgement,
    Flag,
)
from compliance.licensing.queries import FlaggedCase
from compliance.licensing.sanctions import note_receipt
from compliance.office.settings import today
from compliance.people.models import User
from compliance.policy import SYSTEM, Actor, System, command, system_only

LONGEST_NOTE = 2_000
LONGEST_QUESTION = 1_000


@dataclass(frozen=True)
class FlagCause:
    """Why a flag is raised against the company of a case, and since when it stands."""

    case: FlaggedCase | Case
    reason: Text
    since_on: date


@system_only
def raise_flag(
    case: Case, *, level: str, reason: Text, since_on: date, by: System = SYSTEM
) -> int | None:
    """`raise_flags` for one case; answers the new flag's id, or None when none is raised."""
    return raise_flags([FlagCause(case, reason, since_on)], level=level, by=by).get(case.id)


@system_only
def raise_flags(causes: Sequence[FlagCause], *, level: str, by: System = SYSTEM) -> dict[int, int]:
    """A warning or a hold follows from what happened to the cases. A hold replaces the warning.

    A flag of that level, or a stronger one for the same case, already active: nothing is raised twice.
    Answers the ids of the new flags by case. A few statements for any number of cases.
    """
    active = queries.active_flags_by_level([cause.case.id for cause in causes])
    new = []
    for cause in causes:
        standing = active.get(cause.case.id, {})
        if level in standing or (level == "warning" and "hold" in standing):
            continue
        if level == "hold" and "warning" in standing:
            _lift(
                standing["warning"],
                by=by,
                reason=say("Diganti catatan perizinan."),
                replaced_by=level,
            )
        new.append(cause)
    if not new:
        return {}
    db.session.flush()
    rows = [_flag_columns(cause, level=level, by=by) for cause in new]
    raised = db.session.connection().execute(sa.insert(Flag).returning(Flag.case_id, Flag.id), rows)
    ids = {row.case_id: row.id for row in raised}
    acts = [
        {
            "case": cause.case,
            "subject": Subject("flag", ids[cause.case.id]),
            "level": level,
            "why": cause.reason,
            "since_on": cause.since_on,
        }
        for cause in new
    ]
    record_many("flag.raised", acts, by=by)
    return ids


def _flag_columns(cause: FlagCause, *, level: str, by: Actor | System) -> dict[str, Any]:
    return {
        "case_id": cause.case.id,
        "company_id": cause.case.company_id,
        "region_code": cause.case.region_code,
        "level": level,
        "reason": cause.reason.stored(),
        "since_on": cause.since_on,
        "review_on": cause.since_on + timedelta(days=REVIEW_DAYS),
        "raised_at": clock.now(),
        "raised_by": by.actor_name,
        "version": 1,
    }


@command("flag.lift")
def lift_flag(
    flag: Flag,
    *,
    by: Actor,
    reason: str,
    proof: str | ProofFacts | None,
    letter_number: str | None = None,
    letter_on: date | None = None,
    received_on: date | None = None,
) -> None:
    """Lift a flag on proof; a sanction only by BPJS's own letter, its number and day.

    Proof against a hold resolves its case, and with it lifts the warning of the case. `received_on` is when
    the letter came.
    """
    reason = clean_lines(reason) or ""
    problems: dict[str, Text] = {}
    if problem := reason_problem(reason, most=LONGEST_NOTE):
        problems["reason"] = problem
    problems |= proof_refusals(flag, proof, by=by)
    letter = None
    if flag.level == "sanction":
        letter, wrong = lifting_letter(flag, letter_number, letter_on, received_on)
        problems |= wrong
    elif letter_number is not None or letter_on is not None or received_on is not None:
        problems["letter_number"] = say("Surat BPJS hanya untuk mencabut TMP2T.")
    if problems:
        raise Invalid(problems)
    if flag.lifted_at is not None:
        raise Refusal(say("Catatan ini sudah dicabut."))
    if letter is not None:
        flag.lift_letter_number, flag.lift_letter_on = letter
        note_receipt(flag, "lifting", received_on)
    kept = kept_proof(flag, proof, sender=by)
    _lift(flag, by=by, reason=Text("{words}", {"words": reason}), proof=kept)


@system_only
def lift_flags_of(
    case: Case,
    *,
    reason: Text,
    by: System = SYSTEM,
    levels: tuple[str, ...] = (),
    proof: str | MembershipProof | None = None,
) -> None:
    """The cause of a case's flags is gone; lift all of them, or those of some levels."""
    for flag in queries.active_flags_of(case):
        if not levels or flag.level in levels:
            _lift(flag, by=by, reason=reason, proof=proof)


@system_only
def lift_flags_on_compliance(
    case: Case, *, proof: str | Text | None, proof_id: int | None = None, by: System = SYSTEM
) -> None:
    """The company complied: its flags end. A hold ends on proof only, whichever way. Raises Invalid.

    `proof` is its sentence; `proof_id` names the proof of membership that came as fields.
    """
    if not proof and any(flag.level == "hold" for flag in queries.active_flags_of(case)):
        raise Invalid({"proof": PROOF_NEEDED})
    kept = db.session.get(MembershipProof, proof_id) if proof_id is not None else None
    lift_flags_of(
        case,
        reason=say("Kewajiban sudah dipenuhi."),
        proof=kept or (str(proof) if proof else None),
        by=by,
        levels=OF_THE_INSPECTORATE,
    )


@system_only
def undo_flags_since(case: Case, moment: datetime, *, by: System = SYSTEM) -> None:
    """What an act at `moment` did to the flags of a case is taken back: flags that it raised are lifted,
    those that it lifted stand again, since the same day.
    """
    raised, lifted = queries.flags_changed_since(case, moment)
    for flag in raised:
        if flag.level not in OF_THE_INSPECTORATE:
            continue
        _lift(flag, by=by, reason=say("Hasil kunjungan dibatalkan oleh pencatatnya."))
    for flag in lifted:
        if flag.level not in OF_THE_INSPECTORATE:
            continue
        raise_flags([FlagCause(case, flag.why, flag.since_on)], level=flag.level, by=by)


@system_only
def move_flags(
    company_id: int, *, region_code: str | None, from_region_code: str | None, revoked: bool
) -> None:
    """The active flags of a company that moved are now for the licensing office at its new place; when the
    move is revoked, they go back.
    """
    if region_code is None:
        return
    for flag in queries.active_flags_against(company_id):
        if not revoked or flag.region_code == from_region_code:
            flag.region_code = region_code
    db.session.flush()


def _lift(
    flag: Flag,
    *,
    by: Actor | System,
    reason: Text,
    proof: str | MembershipProof | None = None,
    replaced_by: str | None = None,
) -> None:
    flag.lifted_at, flag.lifted_by = clock.now(), by.actor_name
    flag.lift_reason = reason.stored()
    kept = proof if isinstance(proof, MembershipProof) else None
    flag.membership, flag.lift_proof = kept, None if isinstance(proof, MembershipProof) else proof
    record(
        "flag.lifted",
        by=by,
        case=flag.case,
        company_id=flag.company_id,
        subject=Subject("flag", flag.id),
        level=flag.level,
        why=reason,
        proof=flag.lifted_on_proof,
        proof_id=kept.id if kept else None,
        replaced_by=replaced_by,
        letter_number=flag.lift_letter_number,
        letter_on=flag.lift_letter_on,
    )


@command("flag.lift")
def review_flag(flag: Flag, *, by: Actor, note: str | None) -> None:
    """Somebody looked at a flag again and it stands: the next review is a year away. Raises Invalid."""
    text, problems = clean_lines(note), dict[str, Text]()
    if text is None:
        problems["note"] = say("Tuliskan mengapa catatan ini tetap berlaku.")
    refuse_too_long(problems, note=text)
    if problems:
        raise Invalid(problems)
    if flag.lifted_at is not None:
        raise Refusal(say("Catatan ini sudah dicabut."))
    flag.review_on = today() + timedelta(days=REVIEW_DAYS)
    record(
        "flag.reviewed",
        by=by,
        case=flag.case,
        company_id=flag.company_id,
        subject=Subject("flag", flag.id),
        reason=text,
        level=flag.level,
        review_on=flag.review_on,
    )


@command("flag.acknowledge")
def acknowledge_flag(
    flag: Flag, *, by: User, answer: str | None = None, note: str | None = None
) -> Acknowledgement:
    """The officer's office has read the flag and says what it makes of it, if anything.

    The first answer stands; a flag that was only read may be answered later.
    """
    before = next(
        (given for given in flag.acknowledgements if given.office_id == by.office_id), None
    )
    if before is not None and (before.answer is not None or answer is None):
        return before
    note, problems = clean_lines(note), dict[str, Text]()
    refuse_too_long(problems, note=note)
    if answer is not None and answer not in ANSWERS:
        problems["answer"] = say("Pilih jawaban kantor Anda.")
    if problems:
        raise Invalid(problems)
    if flag.lifted_at is not None:
        raise Refusal(say("Catatan ini sudah dicabut."))
    assert by.office is not None
    acknowledgement = before or Acknowledgement(flag_id=flag.id, office=by.office)
    acknowledgement.by, acknowledgement.at = by, clock.now()
    acknowledgement.answer, acknowledgement.note = answer, note or acknowledgement.note
    if before is None:
        flag.acknowledgements.append(acknowledgement)
    db.session.flush()
    record(
        "flag.acknowledged",
        by=by,
        case=flag.case,
        company_id=flag.company_id,
        subject=Subject("flag", flag.id),
        office=by.office.name,
        answer=acknowledgement.answer,
        note=acknowledgement.note,
    )
    return acknowledgement


@command("case.ask")
def ask_inspector(case: Case, *, by: User, question: str, page: str) -> Event:
    """A licensing officer asks the inspector about a case; `page` is where the answer will be read.

    Asked again in the same words before it is answered, it is the same question. Raises Invalid.
    """
    text = _question_or_answer("question", question, say("Tuliskan pertanyaan Anda."))
    for before in questions_on([case.id], by):
        asked = before.asked
        if before.answer is None and asked.actor_id == by.id and asked.reason == text:
            return asked
    return record(
        "case.asked",
        by=by,
        case=case,
        reason=text,
        office_id=by.office_id,
        office=by.office.name if by.office else None,
        page=page,
    )


@command("case.answer")
def answer_question(case: Case, *, question_id: int, by: User, answer: str) -> Event:
    """Answer a licensing officer's question about a case, once. Raises NotFound, Invalid, Refusal."""
    asked = next((one for one in questions_on([case.id], by) if one.id == question_id), None)
    if asked is None:
        raise NotFound()
    text = _question_or_answer("answer", answer, say("Tuliskan jawaban Anda."))
    if asked.answer is not None:
        raise Refusal(say("Pertanyaan ini sudah dijawab {name}.", name=asked.answer.actor_name))
    return record("case.answered", by=by, case=case, reason=text, question_id=question_id)


def _question_or_answer(field: str, typed: str, missing: Text) -> str:
    """A question or an answer as it is kept. Raises Invalid."""
    text = clean_lines(typed)
    if text is None:
        raise Invalid({field: missing})
    if reason := too_long(text, LONGEST_QUESTION):
        raise Invalid({field: reason})
    return text


def refuse_too_long(problems: dict[str, Text], **notes: str | None) -> None:
    """Add a problem for every note that is too long, under the name of its field."""
    problems |= {
        field: reason for field, note in notes.items() if (reason := too_long(note, LONGEST_NOTE))
    }
