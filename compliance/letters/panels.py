"""What letters show on the page of a case: each with its number, its state and its PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_login import current_user

from compliance.cases.approvals.panels import PaperSource, WaitingPaper
from compliance.cases.evidence.queries import load_of_case
from compliance.cases.models import Case
from compliance.cases.next_action import STEPS, refusal_of
from compliance.cases.panels import DoneLink
from compliance.cases.workflow import CHART
from compliance.core.text import Text, say
from compliance.evidence.subjects import EvidenceSubject, SubjectKind
from compliance.letters.kinds import LETTER_NAMES, NOTA_LETTERS
from compliance.letters.models import Letter
from compliance.letters.queries import (
    letter_in_force,
    letter_with_code,
    letters_for,
    letters_of,
    letters_with_number,
    papers_of,
    waiting_drafts,
    waiting_letters,
)
from compliance.letters.rules import next_letter
from compliance.letters.signing.rules import SignedFileFacts, how_signed
from compliance.letters.steps import step_of_the_head
from compliance.letters.views.pages import file_name
from compliance.licensing.codes import shown_code
from compliance.licensing.models import OF_THE_INSPECTORATE, Flag
from compliance.licensing.panels import VerifiedPaper
from compliance.office.settings import today
from compliance.people.models import User
from compliance.policy import Actor, may
from compliance.web.search import Hit


def letters_on_page(case: Case) -> Mapping[str, Any]:
    """For the page of a case: its letters, for those who read them; a licensing office, those sent to it."""
    reads_all = may(current_user, "letter.read", case)
    letters = papers_of(case) if reads_all else letters_for(current_user, case)
    if not letters and not reads_all:
        return {}
    return {
        "letters": letters,
        "due_letter": partial(_due_letter, case, letters),
        "may_draft_letters": may(current_user, "letter.draft", case),
        "letters_template": "letters/panel.html",
    }


@dataclass(frozen=True)
class _ShownDue:
    """The paper that is due next, and for who may make it the way there."""

    why: Text
    words: Text | None
    address: str | None


def _due_letter(case: Case, letters: Sequence[Letter], flags: Sequence[Flag]) -> _ShownDue | None:
    """For those who read the letters of a case: which is due next. The page gives its `flags`."""
    if not may(current_user, "letter.read", case):
        return None
    ours = [flag for flag in flags if flag.level in OF_THE_INSPECTORATE]
    ended = bool(ours) and not any(flag.is_active for flag in ours)
    issued = {letter.kind for letter in letters if letter.holds}
    unsigned = {one.kind: one for one in letters if one.holds and one.signed_on is None}
    due = next_letter(
        case, issued=issued, record_ended=ended, today=today(), unsigned=unsigned.keys()
    )
    if due is None:
        return None
    if due.step is not None:
        return _step_due(case, due.why, due.step)
    assert due.kind is not None
    if due.signs:
        way = _way_to_sign(case, unsigned[due.kind])
        return _ShownDue(due.why, way.words if way else None, way.address if way else None)
    draft = next((one for one in letters if one.kind == due.kind and one.is_draft), None)
    if not may(current_user, "letter.draft", case):
        return _ShownDue(due.why, None, None)
    if draft is not None:
        address = url_for("letters.letter", id=draft.id)
        return _ShownDue(due.why, say("Lanjutkan konsepnya"), address)
    address = url_for("letters.new", number=case.number, kind=due.kind)
    return _ShownDue(due.why, say("Buat surat ini"), address)


def _step_due(case: Case, why: Text, name: str) -> _ShownDue:
    step, words = STEPS[name]
    open_now = refusal_of(case, name, today=today()) is None
    if not open_now or not may(current_user, CHART.steps[step].by, case):
        return _ShownDue(why, None, None)
    return _ShownDue(why, words, f"{url_for('cases.show', number=case.number)}/{name}")


def _way_to_sign(case: Case, letter: Letter) -> DoneLink | None:
    if not may(current_user, "letter.sign", case):
        return None
    return DoneLink(say("Catat tanda tangan"), url_for("letters.sign", id=letter.id))


def signing_of_nota(case: Case, kind: str = "I") -> DoneLink | None:
    """The way to record the signature of Nota I or II; None when it is recorded, or there is no letter."""
    letter = letter_in_force(case, NOTA_LETTERS[kind])
    return _way_to_sign(case, letter) if letter is not None and letter.signed_on is None else None


def nota_before_issue(case: Case) -> DoneLink:
    """The way to the PDF of a draft of Nota I."""
    address = url_for("letters.draft_as_nota", draft_key=case.draft_key)
    return DoneLink(say("Lihat nota sebagai PDF (tab baru)"), address)


def second_nota_before_issue(case: Case) -> DoneLink:
    """Where the form of Nota II is sent to be seen as PDF."""
    address = url_for("letters.second_nota_as_typed", number=case.number)
    return DoneLink(say("Lihat nota sebagai PDF (tab baru)"), address)


def nota_before_approval(submission_id: int) -> DoneLink:
    """The way to the PDF of a nota that waits for approval."""
    address = url_for("letters.submission_as_nota", id=submission_id)
    return DoneLink(say("Lihat nota sebagai PDF (tab baru)"), address)


def printed_nota(case: Case) -> DoneLink | None:
    """The way to the PDF of the nota that was just issued."""
    letter = next(iter(letters_of(case)), None)
    if letter is None:
        return None
    address = url_for("letters.pdf", id=letter.id)
    return DoneLink(say("Buka nota untuk dicetak (PDF)"), address, file_name(letter))


_WAITS_FOR = {"approve": say("menunggu persetujuan"), "number": say("menunggu diterbitkan")}


def _drafts_waiting(by: Actor) -> list[WaitingPaper]:
    return [
        WaitingPaper(
            LETTER_NAMES[letter.kind],
            letter.company.name,
            letter.drafted_by.name if letter.drafted_by else "–",
            letter.made_at,
            url_for(f"letters.{step}", id=letter.id),
            _WAITS_FOR[step],
        )
        for letter in waiting_letters(by)
        if (step := step_of_the_head(letter)) is not None
    ]


def _waiting_ids(by: User) -> sa.Select[int] | None:
    return waiting_drafts() if may(by, "letter.number") else None


WAITING_LETTERS = PaperSource(_drafts_waiting, _waiting_ids)
"""The drafts that wait for the head, with or without approval, in the list of what waits."""


def letters_numbered(by: Actor, typed: str, limit: int) -> list[Hit]:
    """Letters for the search of everything, by their whole number."""
    return [
        Hit(
            f"{LETTER_NAMES[letter.kind]} {letter.number}",
            url_for("letters.letter", id=letter.id),
            (letter.company.name, say("tanggal {day}", day=letter.issued_on)),
        )
        for letter in letters_with_number(by, typed, limit)
        if letter.nota is None  # the search of cases finds it by its nota
    ]


def _letter(by: Actor, id: int, action: str, for_update: bool) -> EvidenceSubject:
    case_id = sa.select(Letter.case_id).where(Letter.id == id)
    return load_of_case(by, "letter", id, case_id, action, for_update)


def _letter_names(case: Case) -> Mapping[int, Text]:
    return {
        letter.id: say("{kind} {number}", kind=LETTER_NAMES[letter.kind], number=letter.number)
        if letter.number
        else LETTER_NAMES[letter.kind]
        for letter in letters_of(case)
        if letter.is_issued
    }


LETTER_SUBJECT = SubjectKind(
    "letter",
    _letter,
    ids=lambda case: sa.select(Letter.id).where(Letter.case_id == case.id),
    names=_letter_names,
)
"""Evidence about a letter: how it was served, and the scan that proves it."""


def genuine_letter(code: str) -> VerifiedPaper | None:
    """What the public page tells of the letter with this code: never the company."""
    letter = letter_with_code(code)
    return None if letter is None else shown_to_public(letter)


def shown_to_public(letter: Letter) -> VerifiedPaper:
    """What the public page tells of a letter."""
    return VerifiedPaper(
        name=LETTER_NAMES[letter.kind],
        number=letter.number,
        issued_on=letter.issued_on,
        state=letter.state,
        holds=letter.holds,
        sha256=letter.file.sha256 if letter.file else None,
        code=shown_code(letter.code),
        signature=signature_of(letter),
        signed_sha256=letter.signed_file.sha256 if letter.signed_file else None,
    )


def signature_of(letter: Letter) -> Text | None:
    """How a letter was signed; None when that is not recorded."""
    if letter.signed_how is None or letter.signed_on is None:
        return None
    facts = SignedFileFacts.restored(letter.signature) if letter.signature else None
    return how_signed(letter.signed_how, letter.signed_on, facts)
