"""The verbs of licensing: raise, lift and answer flags; make a check, record what was decided on
it; ask the inspector.

A flag is changed under the lock of its case (`queries.load_flag(for_update=True)`), so that two people, or a
person and the clock, never both raise or lift it; the store's unique index is the last word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

import sqlalchemy as sa

from compliance.cases.models import Case
from compliance.cases.queries import questions_on
from compliance.cases.rules import EARLIEST
from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Invalid, NotFound, Refusal
from compliance.core.events import Event, Subject, record, record_many
from compliance.core.numbering import next_serial
from compliance.core.parsing import clean_line, clean_lines, too_long
from compliance.core.text import Text, say
from compliance.licensing import queries
from compliance.licensing.checks.queries import answer_about
from compliance.licensing.checks.rules import Answer, AskingOffice, Employer
from compliance.licensing.clearance import clean_question
from compliance.licensing.codes import new_code
from compliance.licensing.models import ANSWERS, DECISIONS, Acknowledgement, Flag, LicenceCheck
from compliance.licensing.queries import FlaggedCase
from compliance.licensing.rules import SERVICES
from compliance.office.settings import today
from compliance.people.models import User
from compliance.policy import SYSTEM, Actor, System, command, system_only

REVIEW_DAYS = 365
LONGEST_LINE = 100
LONGEST_NOTE = 2_000
_KEEP_CHECK = sa.insert(LicenceCheck)
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
        services=[each for each in SERVICES if each in services],
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
    _refuse_too_long(problems, reason=reason, proof=proof)
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
    found = next((each for each in flag.acknowledgements if each.office_id == by.office_id), None)
    if found is not None:
        return found
    note, problems = clean_lines(note), dict[str, Text]()
    _refuse_too_long(problems, note=note)
    if answer is not None and answer not in ANSWERS:
        problems["answer"] = say("Pilih jawaban kantor Anda.")
    if problems:
        raise Invalid(problems)
    if flag.lifted_at is not None:
        raise Refusal(say("Catatan ini sudah dicabut."))
    assert by.office is not None
    said = Acknowledgement(
        flag_id=flag.id, office=by.office, by=by, at=clock.now(), answer=answer, note=note
    )
    flag.acknowledgements.append(said)
    db.session.flush()
    record(
        "flag.acknowledged",
        by=by,
        case=flag.case,
        subject=Subject("flag", flag.id),
        office=by.office.name,
        answer=said.answer,
        note=said.note,
    )
    return said


@command("case.ask")
def ask_inspector(case: Case, *, by: User, question: str, page: str) -> Event:
    """A licensing officer asks the inspector about a case; `page` is where the answer will be read.

    Asked again in the same words before it is answered, it is the same question. Raises Invalid.
    """
    words = _said("question", question, say("Tuliskan pertanyaan Anda."))
    for each in questions_on([case.id], by):
        if each.answer is None and each.asked.actor_id == by.id and each.asked.reason == words:
            return each.asked
    return record(
        "case.asked",
        by=by,
        case=case,
        reason=words,
        office_id=by.office_id,
        office=by.office.name if by.office else None,
        page=page,
    )


@command("case.answer")
def answer_question(case: Case, *, question_id: int, by: User, answer: str) -> Event:
    """Answer a licensing officer's question about a case, once. Raises NotFound, Invalid, Refusal."""
    found = next((each for each in questions_on([case.id], by) if each.id == question_id), None)
    if found is None:
        raise NotFound()
    words = _said("answer", answer, say("Tuliskan jawaban Anda."))
    if found.answer is not None:
        raise Refusal(say("Pertanyaan ini sudah dijawab {name}.", name=found.answer.actor_name))
    return record("case.answered", by=by, case=case, reason=words, question_id=question_id)


def _said(field: str, typed: str, missing: Text) -> str:
    """A question or an answer as it is kept. Raises Invalid."""
    words = clean_lines(typed)
    if words is None:
        raise Invalid({field: missing})
    if reason := too_long(words, LONGEST_QUESTION):
        raise Invalid({field: reason})
    return words


class Officer(Actor, Protocol):
    """Who asks at a counter."""

    @property
    def id(self) -> int: ...
    @property
    def office_id(self) -> int | None: ...
    @property
    def office(self) -> AskingOffice | None: ...


@dataclass(frozen=True)
class MadeCheck:
    """A check that was made just now: a row of `licence_checks`, with its answer as it was chosen."""

    id: int
    receipt: str
    code: str
    asked: str
    application: str | None
    checked_at: datetime
    answer: Answer

    @property
    def verdict(self) -> str:
        return self.answer.verdict


@command("check.make", about=None)
def make_check(
    asked: str, company: Employer | None, *, by: Officer, application: str | None = None
) -> MadeCheck:
    """Answer a counter's question about `company` (None: no such company) and keep question and answer."""
    now, day = clock.now(), today()
    asked, application = clean_question(asked), _application(application)
    answer = answer_about(company, asked=asked, day=day, office=by.office)
    receipt, code = f"CK-{day.year}-{next_serial('check', day.year):06}", new_code()
    kept = db.session.connection().execute(
        _KEEP_CHECK,
        {
            "receipt": receipt,
            "code": code,
            "asked": asked,
            "company_id": company.id if company else None,
            "verdict": answer.verdict,
            "answer": answer.stored(),
            "checked_at": now,
            "by_id": by.id,
            "office_id": by.office_id,
            "application": application,
        },
    )
    key = kept.inserted_primary_key
    assert key is not None
    return MadeCheck(key[0], receipt, code, asked, application, now, answer)


@command("check.decide")
def decide_check(
    check: LicenceCheck,
    *,
    by: Actor,
    decision: str,
    application: str | None = None,
    note: str | None = None,
) -> None:
    """Record what the officer decided on the application. Deciding against a hold needs a written reason."""
    note, application = clean_lines(note), _application(application) or check.application
    problems: dict[str, Text] = {}
    if decision not in DECISIONS:
        problems["decision"] = say("Pilih keputusan.")
    elif decision == "issued" and check.verdict == "hold":
        problems["decision"] = say(
            "Perusahaan ini bercatatan: pilih 'diterbitkan walau ada catatan' dan tulis alasannya."
        )
    elif decision == "issued_despite_hold" and check.verdict != "hold":
        problems["decision"] = say("Tidak ada catatan pada bukti ini: pilih 'diterbitkan'.")
    elif decision in ("issued_despite_hold", "refused") and not note:
        problems["note"] = say(
            "Tuliskan alasan dan dasar hukumnya; keputusan ini harus beralasan tertulis."
        )
    _refuse_too_long(problems, note=note)
    if problems:
        raise Invalid(problems)
    if check.decision is not None:
        raise Refusal(say("Keputusan atas cek ini sudah dicatat."))
    check.decision, check.decision_note, check.application = decision, note, application
    check.decided_at = clock.now()
    record(
        "check.decided",
        by=by,
        company_id=check.company_id,
        subject=Subject("check", check.receipt),
        reason=note,
        decision=decision,
        application=application,
        verdict=check.verdict,
        receipt=check.receipt,
    )


def _application(typed: str | None) -> str | None:
    number = clean_line(typed)
    if reason := too_long(number, LONGEST_LINE):
        raise Invalid({"application": reason})
    return number


def _refuse_too_long(problems: dict[str, Text], **notes: str | None) -> None:
    problems |= {
        field: reason for field, note in notes.items() if (reason := too_long(note, LONGEST_NOTE))
    }
