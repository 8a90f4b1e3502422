"""The verbs of flags and questions: raise, lift and answer a flag; ask the inspector.

The verbs of checks stand in `checks/commands`.

A flag is changed under the lock of its case (`queries.load_flag(for_update=True)`), so that two people, or a
person and the clock, never both raise or lift it; the store's unique index is the last word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from compliance.cases.models import Case
from compliance.cases.queries import questions_on
from compliance.cases.rules import EARLIEST
from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Invalid, NotFound, Refusal
from compliance.core.events import Event, Subject, record, record_many
from compliance.core.parsing import clean_line, clean_lines, too_long
from compliance.core.text import Text, say
from compliance.licensing import queries
from compliance.licensing.models import ANSWERS, Acknowledgement, Flag
from compliance.licensing.queries import FlaggedCase
from compliance.licensing.rules import SERVICES
from compliance.office.settings import today
from compliance.people.models import User
from compliance.policy import SYSTEM, Actor, System, command, system_only

REVIEW_DAYS = 365
LONGEST_LINE = 100
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


@command("flag.sanction")
def record_sanction(
    case: Case,
    *,
    by: Actor,
    letter_number: str,
    letter_on: date,
    services: Sequence[str] = tuple(SERVICES),
) -> Flag:
    """A TMP2T request has come from BPJS: the labour office passes on its letter, it never imposes
    the sanction.

    `services` are those that the letter asks to withhold. PP 86/2013 art. 8(1), 9(3): requested by
    BPJS, carried out by the public-service unit.
    """
    number = clean_line(letter_number)
    problems: dict[str, Text] = {}
    if not number:
        problems["letter_number"] = say("Isi nomor surat permintaan dari BPJS Ketenagakerjaan.")
    elif problem := too_long(number, LONGEST_LINE):
        problems["letter_number"] = problem
    if letter_on > today():
        problems["letter_on"] = say("Tanggal surat belum tiba. Isi hari ini atau sebelumnya.")
    elif letter_on < EARLIEST:
        problems["letter_on"] = say("Periksa tahunnya: {day} terlalu lama.", day=letter_on)
    if not services or set(services) - set(SERVICES):
        problems["services"] = say("Tandai layanan yang disebut dalam surat BPJS, sedikitnya satu.")
    if problems:
        raise Invalid(problems)
    if not case.is_open:
        raise Refusal(say("Kasus ini sudah ditutup; catatan tidak dapat ditambahkan."))
    if any(flag.level == "sanction" for flag in queries.active_flags_of(case)):
        raise Refusal(say("Permintaan TMP2T untuk kasus ini sudah tercatat dan masih berlaku."))
    reason = say("Permintaan TMP2T dari BPJS Ketenagakerjaan, surat {letter}.", letter=number)
    cause = FlagCause(case, reason, today())
    flag = Flag(
        **_flag_columns(cause, level="sanction", by=by),
        case=case,
        letter_number=number,
        letter_on=letter_on,
        services=[service for service in SERVICES if service in services],
    )
    db.session.add(flag)
    db.session.flush()
    record(
        "flag.raised",
        by=by,
        case=case,
        subject=Subject("flag", flag.id),
        level=flag.level,
        why=reason,
        since_on=flag.since_on,
    )
    return flag


@command("flag.lift")
def lift_flag(flag: Flag, *, by: Actor, reason: str, proof: str) -> None:
    """Lift a flag on proof.

    Proof against a hold resolves its case, and with it lifts every other flag of the case.
    """
    reason, proof = clean_lines(reason) or "", clean_lines(proof) or ""
    problems: dict[str, Text] = {}
    if not reason:
        problems["reason"] = say("Tuliskan alasannya.")
    if not proof:
        problems["proof"] = say(
            "Sebutkan buktinya, misalnya nomor sertifikat dan bulan iuran terakhir."
        )
    refuse_too_long(problems, reason=reason, proof=proof)
    if problems:
        raise Invalid(problems)
    if flag.lifted_at is not None:
        raise Refusal(say("Catatan ini sudah dicabut."))
    _lift(flag, by=by, reason=Text("{words}", {"words": reason}), proof=proof)


@system_only
def lift_flags_of(
    case: Case, *, reason: Text, by: System = SYSTEM, levels: tuple[str, ...] = ()
) -> None:
    """The cause of a case's flags is gone; lift all of them, or those of some levels."""
    for flag in queries.active_flags_of(case):
        if not levels or flag.level in levels:
            _lift(flag, by=by, reason=reason)


def _lift(
    flag: Flag,
    *,
    by: Actor | System,
    reason: Text,
    proof: str | None = None,
    replaced_by: str | None = None,
) -> None:
    flag.lifted_at, flag.lifted_by = clock.now(), by.actor_name
    flag.lift_reason, flag.lift_proof = reason.stored(), proof
    record(
        "flag.lifted",
        by=by,
        case=flag.case,
        subject=Subject("flag", flag.id),
        level=flag.level,
        why=reason,
        proof=proof,
        replaced_by=replaced_by,
    )


@command("flag.acknowledge")
def acknowledge_flag(
    flag: Flag, *, by: User, answer: str | None = None, note: str | None = None
) -> Acknowledgement:
    """The officer's office has read the flag and says what it makes of it, if anything.

    The first answer stands.
    """
    before = next(
        (given for given in flag.acknowledgements if given.office_id == by.office_id), None
    )
    if before is not None:
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
    acknowledgement = Acknowledgement(
        flag_id=flag.id, office=by.office, by=by, at=clock.now(), answer=answer, note=note
    )
    flag.acknowledgements.append(acknowledgement)
    db.session.flush()
    record(
        "flag.acknowledged",
        by=by,
        case=flag.case,
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
