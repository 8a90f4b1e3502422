"""The verbs that issue a letter: approve it, number it, and make its PDF, once.

A letter gets its number in one transaction; its PDF is made right after, outside of any transaction.
"""

from __future__ import annotations

from datetime import datetime, time
from functools import partial

from compliance.cases.commands.nota import record_nota_number
from compliance.cases.models import Case
from compliance.core import clock
from compliance.core.db import db, once_committed, reading, transaction
from compliance.core.errors import Invalid, Refusal, Taken
from compliance.core.events import record
from compliance.core.numbering import bearer_of, next_serial, write_number
from compliance.core.parsing import clean_line, too_long
from compliance.core.text import say
from compliance.files.commands import add_file, keep_bytes
from compliance.files.rules import PDF
from compliance.letters.commands.drafting import about_letter, refuse_issue_without_ground
from compliance.letters.commands.making import (
    freeze_number,
    letter_facts,
    signed_by_head,
    take_head,
)
from compliance.letters.kinds import LETTER_KINDS
from compliance.letters.models import Letter
from compliance.letters.queries import (
    inspectors_on_letter,
    latest_order,
    letter_in_force,
    replaced_by,
    signing_head,
    wording_on,
)
from compliance.letters.rendering import render
from compliance.letters.rules import version_mark
from compliance.letters.workflow import APPROVED_LETTER, LETTER_DRAFT, LETTERS, STANDING, never
from compliance.licensing.codes import new_code
from compliance.office.settings import office_settings, today
from compliance.office.signatories.commands import take_signatory
from compliance.policy import SYSTEM, Actor, command, system_only

_LONGEST_NUMBER = 56  # a new version adds its mark
BOOKS = {"spt": "spt", "ba": "ba", "ba_refusal": "ba", "nota_1": "nota", "nota_2": "nota"}
"""The book of numbers that a kind is written into; those not named, the book of letters."""


@command("letter.approve")
def approve_letter(letter: Letter, *, by: Actor) -> None:
    """The head's side agrees to the letter as it stands. Raises Refusal."""
    LETTERS.move(letter, "approve", {"by": by})
    letter.approved_by_id, letter.approved_at, letter.returned_why = by.actor_id, clock.now(), None
    record("letter.approved", by=by, **about_letter(letter))


@command("letter.number")
def number_letter(letter: Letter, *, by: Actor, number: str | None = None) -> None:
    """Issue a letter that the head signs: it gets its number, its words are final, its PDF is made.

    A number that is typed is used; else Patuh gives the next one, or leaves a blank where the office numbers
    by hand. Raises Refusal, Invalid, Taken.
    """
    approval = letter.by_the_head and office_settings().letter_approval == "on"
    facts = {"by": by, "today": today(), "approval": approval}
    if letter.status == APPROVED_LETTER:
        LETTERS.move(letter, "number", facts)
    else:
        LETTERS.move(letter, "issue", facts)
    _issue(letter, number, by=by)


@command("letter.draft")
def issue_own_letter(letter: Letter, *, by: Actor, number: str | None = None) -> None:
    """Issue a letter that inspectors sign without the head. Raises Refusal, Invalid, Taken."""
    LETTERS.move(letter, "issue_own", {"by": by, "today": today()})
    _issue(letter, number, by=by)


def _issue(letter: Letter, number: str | None, *, by: Actor) -> None:
    if letter.case is not None and letter.nota is None:
        refuse_issue_without_ground(letter, letter.case)
    typed = _typed_number(number)
    if typed and (reason := never(letter.kind, "record_number")) is not None:
        raise Invalid({"number": reason})
    if typed and letter.nota is not None:
        reason = say("Versi baru nota memakai nomor nota dengan huruf di belakangnya.")
        raise Invalid({"number": reason})
    take_head(letter)
    freeze_number(letter, _free(typed) if typed else _next_number(letter))
    give_way_to(letter)
    record("letter.numbered", by=by, **about_letter(letter), issued_on=letter.issued_on)
    once_committed(partial(set_letter, letter.id))


@command("letter.number")
def record_letter_number(letter: Letter, *, by: Actor, number: str | None) -> None:
    """Write down the number of a letter that went out with a blank; its PDF stays. Raises Refusal, Invalid,
    Taken.
    """
    LETTERS.move(letter, "record_number")  # first: who numbers again hears that there is a number
    typed = _typed_number(number)
    if typed is None:
        raise Invalid({"number": say("Isi nomor suratnya.")})
    nota = letter.nota
    if nota is not None:
        record_nota_number(nota, by=by, number=typed)  # its letter follows
        return
    letter.number = _free(typed)
    db.session.flush()
    record("letter.number_recorded", by=by, **about_letter(letter))


def _typed_number(number: str | None) -> str | None:
    typed = clean_line(number)
    if problem := too_long(typed, _LONGEST_NUMBER):
        raise Invalid({"number": problem})
    return typed


def _free(number: str) -> str:
    """The number, when no letter and no nota bears it, of whatever kind. Raises Taken."""
    if (bearer := bearer_of(number)) is not None:
        raise Taken(bearer.said, field="number", candidates=[bearer.row])
    return number


def _next_number(letter: Letter) -> str | None:
    """The next free number of the letter's book; a new version adds its mark to the old number."""
    settings = office_settings()
    replaced = replaced_by(letter)
    if replaced is not None and replaced.number is not None:
        base = replaced.number.removesuffix(version_mark(replaced.version))
        return _free(f"{base}{version_mark(letter.version)}")
    if not LETTER_KINDS[letter.kind].numbered or settings.letter_numbering == "by_hand":
        return None
    book, year = BOOKS.get(letter.kind, "letter"), letter.issued_on.year
    template = getattr(settings, f"{book}_number_template")
    while True:
        number = write_number(template, next_serial(f"book.{book}", year), letter.issued_on)
        if bearer_of(number) is None:
            return number


@system_only
def give_way_to(letter: Letter) -> None:
    """The letter that this one replaces is replaced from now on. Raises Refusal."""
    replaced = replaced_by(letter)
    if replaced is None:
        return
    if replaced.status not in STANDING:
        raise Refusal(say("Surat yang diganti sudah ditarik."))
    LETTERS.move(replaced, "give_way")
    record(
        "letter.replaced",
        by=SYSTEM,
        **about_letter(replaced),
        reason=letter.replaced_why,
        new_number=letter.number,
    )


@system_only
def make_nota_letter(case: Case, *, kind: str = "nota_1") -> Letter:
    """The letter of a nota that was just issued, with its number: what it says is frozen here."""
    nota = case.nota if kind == "nota_1" else case.second_nota
    assert case.nota is not None and nota is not None
    order = latest_order(case.company, visit_on=case.nota.inspected_on)
    options = {"inspectors": inspectors_on_letter(kind, case, order)}
    letter = Letter(
        kind=kind,
        case_id=case.id,
        company_id=case.company_id,
        version=1,
        status=LETTER_DRAFT,
        issued_on=nota.issued_on,
        options=options,
        facts={},
        code=new_code(),
        made_at=clock.now(),
        case=case,
        company=case.company,
    )
    letter.facts = letter_facts(
        kind,
        company=case.company,
        case=case,
        options=options,
        wording=wording_on(kind, nota.issued_on),
        day=nota.issued_on,
        signing=(take_signatory(case.region_code or "", nota.issued_on), nota.issued_on),
        order=order,
    )
    db.session.add(letter)
    LETTERS.move(letter, "make")
    freeze_number(letter, nota.number)
    record("letter.numbered", by=SYSTEM, **about_letter(letter), issued_on=letter.issued_on)
    once_committed(partial(set_letter, letter.id))
    return letter


@system_only
def number_of_nota(case: Case, *, kind: str, number: str) -> None:
    """The number of a nota that went out with a blank was written down: its letter bears it, too."""
    letter = letter_in_force(case, kind)
    if letter is None or letter.number is not None:
        return
    letter.number = number
    db.session.flush()
    record("letter.number_recorded", by=SYSTEM, **about_letter(letter))


@system_only
def set_letter(id: int) -> None:
    """Make the PDF of a letter and keep it; nothing when there is one. To be called outside of a transaction.

    Two at once make the same bytes, and the first one's row stays. Raises LayoutRefused, OSError.
    """
    with reading():
        letter = db.session.get_one(Letter, id)
        if letter.file_id is not None:
            return
        facts, code, issued_at = letter.facts, letter.code, dated(letter)
    kept = keep_bytes(render("letter", facts, code=code, issued_at=issued_at), kind=PDF)
    with transaction():
        letter = db.session.get_one(Letter, id, with_for_update={"of": Letter})
        if letter.file_id is not None:
            return
        letter.file_id = add_file(kept).id
        record("letter.set", by=SYSTEM, **about_letter(letter), sha256=kept.sha256)


def dated(letter: Letter) -> datetime:
    """The instant that the PDF of a letter bears: noon of its day at the office."""
    return datetime.combine(letter.issued_on, time(12), office_settings().zone)


def draft_pdf(letter: Letter) -> bytes:
    """The PDF of a draft as it would be issued now, marked as one. Nothing is kept. Raises Refusal,
    LayoutRefused.
    """
    facts = {**signed_by_head(letter, *signing_head(letter)), "preview": True}
    return render("letter", facts, code=letter.code, issued_at=dated(letter))
