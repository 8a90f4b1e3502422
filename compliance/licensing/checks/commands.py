"""The verbs of checks: answer a question and keep it, and record what was decided on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import sqlalchemy as sa

from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Invalid, Refusal
from compliance.core.events import Subject, record
from compliance.core.numbering import next_serial
from compliance.core.parsing import clean_line, clean_lines, too_long
from compliance.core.text import Text, say
from compliance.licensing.checks.queries import answer_about
from compliance.licensing.checks.rules import Answer, AskingOffice, Employer, bears_hold
from compliance.licensing.clearance import clean_question
from compliance.licensing.codes import new_code
from compliance.licensing.commands import refuse_too_long
from compliance.licensing.models import DECISIONS, LONGEST_LINE, LicenceCheck
from compliance.office.queries import kept_office
from compliance.office.settings import today
from compliance.office.succession.queries import refusal_of_ended
from compliance.policy import Actor, command

_KEEP_CHECK = sa.insert(LicenceCheck)


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
    asked: str,
    company: Employer | None,
    *,
    by: Officer,
    application: str | None = None,
    permit_kind: str | None = None,
) -> MadeCheck:
    """Answer a counter's question about `company` (None: no such company) and keep question and answer.

    `permit_kind` is what the applicant asks for; a kind that the office does not keep is kept as named.
    Raises Invalid, and Refusal when the office has ended.
    """
    if (refusal := refusal_of_ended(kept_office(by.office_id))) is not None:
        raise Refusal(refusal)
    now, day = clock.now(), today()
    asked, application = clean_question(asked), _short_line("application", application)
    permit_kind = _short_line("permit_kind", permit_kind)
    answer = answer_about(company, asked=asked, day=day, office=by.office, permit_kind=permit_kind)
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
    """Record what the officer decided on the application. Deciding against a hold needs a written reason; a
    permit that a TMP2T does not name is issued as usual.
    """
    note, application = (
        clean_lines(note),
        _short_line("application", application) or check.application,
    )
    problems: dict[str, Text] = {}
    if decision not in DECISIONS:
        problems["decision"] = say("Pilih keputusan.")
    elif decision == "issued" and bears_hold(check.answer):
        problems["decision"] = say(
            "Ada catatan hasil cek ulang: pilih 'diterbitkan walau ada catatan' dan tulis alasannya."
        )
    elif decision == "issued_despite_hold" and check.verdict != "hold":
        problems["decision"] = say(
            "Bukti ini tidak menyebut catatan hasil cek ulang atau TMP2T: pilih 'diterbitkan'."
        )
    elif decision in ("issued_despite_hold", "refused") and not note:
        problems["note"] = say(
            "Tuliskan alasan dan dasar hukumnya; keputusan ini harus beralasan tertulis."
        )
    refuse_too_long(problems, note=note)
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


def _short_line(field: str, typed: str | None) -> str | None:
    line = clean_line(typed)
    if reason := too_long(line, LONGEST_LINE):
        raise Invalid({field: reason})
    return line
