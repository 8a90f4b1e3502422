"""Addresses that show: one letter, its PDF as it was made, a draft as PDF, and what waits for approval."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Response, make_response, url_for

from compliance.core import clock
from compliance.core.errors import Refusal
from compliance.core.text import Text, say
from compliance.evidence.models import EVIDENCE_CLASSES
from compliance.evidence.queries import evidence_shown
from compliance.files.views import send_stored
from compliance.letters.articles.rules import unquoted_in
from compliance.letters.commands.issuing import draft_pdf
from compliance.letters.kinds import LETTER_KINDS, LETTER_NAMES
from compliance.letters.models import SIGNED_HOW, WAYS, Letter
from compliance.letters.queries import load_letter, newer_version, replaced_by, signing_head
from compliance.letters.rendering import LayoutRefused
from compliance.letters.signing.rules import SignedFileFacts
from compliance.letters.steps import LetterStep, step_of_the_head, step_refusal, steps_for
from compliance.letters.views.blueprint import blueprint
from compliance.letters.workflow import never
from compliance.people.readings.commands import note_reading
from compliance.people.sessions import signed_in
from compliance.policy import may
from compliance.web.answering import show

SET_AFTER = 60
"""Seconds after which a letter that was not set at once is set by the job."""
_LATE_AFTER = timedelta(minutes=5)
"""Something is wrong when a letter waits for so long: the page promises no minute any more."""


@blueprint.get("/letters/<int:id>")
def letter(id: int) -> Response:
    """One letter: where it stands, what can be done, each attempt to hand it over."""
    one = load_letter(signed_in(), id)
    reads = one.case is not None and may(signed_in(), "evidence.read", one.case)
    scans = {item.id: item for item in evidence_shown(signed_in(), "letter", id)} if reads else {}
    return show("letters/letter.html", **page_facts(one), scans=scans, classes=EVIDENCE_CLASSES)


def page_facts(letter: Letter) -> dict[str, Any]:
    """What every page of a letter shows. `waits_for_head`: the step for which others wait for the head."""
    steps, head = steps_for(signed_in(), letter), step_of_the_head(letter)
    return {
        "letter": letter,
        "name": LETTER_NAMES[letter.kind],
        "kind": LETTER_KINDS[letter.kind],
        "steps": steps,
        "waits_for_head": None if any(one.name == head for one in steps) else head,
        "is_draft": letter.is_draft,
        "is_served": never(letter.kind, "serve") is None,
        "newer": newer_version(letter),
        "older": replaced_by(letter),
        "ways": WAYS,
        "signed_how": SIGNED_HOW,
        "signed_facts": SignedFileFacts.restored(letter.signature) if letter.signature else None,
        "back": listed_on(letter),
        "unquoted": unquoted_in(letter.facts) if letter.is_draft else [],
        "pdf_name": file_name(letter),
        "signing": signing_head(letter) if letter.is_draft and letter.by_the_head else None,
    }


class NoStep(Refusal):
    """A step whose page has no form, as the letter stands: the page says why."""

    def __init__(self, letter: Letter, step: LetterStep, reason: Text) -> None:
        super().__init__(reason)
        self.letter, self.step = letter, step


def expect_step(letter: Letter, step: LetterStep) -> None:
    """Refuse the page of a step that the letter cannot make. Raises NoStep, NotAllowed."""
    if (reason := step_refusal(signed_in(), letter, step.name)) is not None:
        raise NoStep(letter, step, reason)


@blueprint.errorhandler(NoStep)
def no_step(refused: NoStep) -> Response:
    """Why the step cannot be made, and which ones can."""
    return show(
        "letters/steps/refused.html",
        status=refused.status,
        step=refused.step,
        reason=refused.reason,
        **page_facts(refused.letter),
    )


def listed_on(letter: Letter) -> str:
    """The page on which the letter is listed: its case, or the company of an order before a case."""
    if letter.case is not None:
        return url_for("cases.show", number=letter.case.number)
    return url_for("companies.show", id=letter.company_id)


@blueprint.get("/letters/<int:id>.pdf")
def pdf(id: int) -> Response:
    """The letter as it was made, byte for byte; 202 while it is not. A draft is only previewed."""
    one = load_letter(signed_in(), id)
    if one.is_draft:
        raise Refusal(say("Surat ini masih konsep; buka pratinjaunya."))
    if one.file is None:
        late = one.numbered_at is not None and one.numbered_at < clock.now() - _LATE_AFTER
        response = show(
            "letters/being_set.html", status=202, letter=one, names=LETTER_NAMES, late=late
        )
        response.headers["Retry-After"] = str(SET_AFTER)
        return response
    note_reading("letter", f"letter:{id}", page=listed_on(one), by=signed_in())
    return send_stored(one.file, name=file_name(one))


@blueprint.get("/letters/<int:id>/preview.pdf")
def preview_pdf(id: int) -> Response:
    """A draft as the PDF that it would be, marked as a draft. Nothing is kept."""
    one = load_letter(signed_in(), id)
    if not one.is_draft:
        raise Refusal(say("Surat ini sudah terbit; buka PDF-nya."))
    try:
        response = make_response(draft_pdf(one))
    except LayoutRefused as refused:
        raise Refusal(not_set(refused)) from None
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="konsep-{one.id}.pdf"'
    return response


def not_set(refused: LayoutRefused) -> Text:
    """Why there is no PDF of a draft, for its reader."""
    return say("Surat ini belum dapat disusun sebagai PDF: {reason}", reason=str(refused))


def file_name(letter: Letter) -> str:
    """What the PDF is called when it is saved: the kind and the number, in letters and digits."""
    number = "".join(sign if sign.isalnum() else "-" for sign in letter.number or str(letter.id))
    return f"{letter.kind.replace('_', '-')}-{number}.pdf"
