"""Pages of the steps of a letter. Each says what will happen, and goes through its command."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from compliance.core.errors import Refusal
from compliance.core.text import Text, say
from compliance.evidence.uploads import no_files, receive_files
from compliance.files.rules import LARGEST_UPLOAD
from compliance.letters.commands import drafting, ending, issuing, serving
from compliance.letters.forms import (
    DeliveryForm,
    LetterNumberForm,
    LetterReasonForm,
    ReplaceForm,
)
from compliance.letters.kinds import MADE_BY_ACTS
from compliance.letters.models import Letter
from compliance.letters.queries import expect_revision, load_letter, waiting_letters
from compliance.letters.steps import LETTER_STEPS, LetterStep, step_of_the_head
from compliance.letters.views.blueprint import blueprint
from compliance.letters.views.pages import expect_step, page_facts
from compliance.people.sessions import signed_in
from compliance.web.answering import done, refusals_on, show, tell
from compliance.web.forms import Form
from compliance.web.uploads import takes_file


def _letter(id: int, step: LetterStep) -> Letter:
    """The letter, for somebody who may make this step. Raises NoStep when nobody can make it now."""
    letter = load_letter(signed_in(), id, action=step.action, for_update=request.method == "POST")
    expect_step(letter, step)
    return letter


def _page(letter: Letter, step: LetterStep, form: Form, **facts: Any) -> Response:
    if not form.is_submitted():
        form.version.data = str(letter.revision)
    return show(f"letters/steps/{step.name}.html", form, step=step, **page_facts(letter), **facts)


@blueprint.route("/letters/<int:id>/approve", methods=["GET", "POST"])
def approve(id: int) -> Response:
    """The head's side agrees; `next` in the form opens the next letter that waits."""
    step, form = LETTER_STEPS["approve"], Form()
    letter = _letter(id, step)
    if form.validate_on_submit():
        with refusals_on(form, Refusal):
            expect_revision(letter, form.seen_version)
            issuing.approve_letter(letter, by=signed_in())
            return _on_to_the_next(say("Surat disetujui."), letter)
    return _page(letter, step, form)


def _on_to_the_next(sentence: Text, letter: Letter) -> Response:
    if "next" in request.form:
        for waiting in waiting_letters(signed_in()):
            if step_of_the_head(waiting) == "approve":
                return done(sentence, "letters.approve", id=waiting.id)
        tell(sentence)
        return done(say("Tidak ada surat lain yang menunggu persetujuan."), "approvals.index")
    return done(sentence, "letters.letter", id=letter.id)


@blueprint.route("/letters/<int:id>/return", methods=["GET", "POST"])
def send_back(id: int) -> Response:
    """Back to its writer, with what is to be mended."""
    step, form = LETTER_STEPS["return"], LetterReasonForm()
    letter = _letter(id, step)
    if form.validate_on_submit():
        with refusals_on(form, Refusal):
            expect_revision(letter, form.seen_version)
            drafting.send_back(letter, by=signed_in(), reason=form.reason.data)
            return _on_to_the_next(say("Konsep dikembalikan."), letter)
    return _page(letter, step, form)


@blueprint.route("/letters/<int:id>/number", methods=["GET", "POST"])
def number(id: int) -> Response:
    """Issue the letter with its number, or write down the number of one that went out without."""
    step, form = LETTER_STEPS["number"], LetterNumberForm()
    letter = _letter(id, step)
    if form.validate_on_submit():
        with refusals_on(form, Refusal):
            expect_revision(letter, form.seen_version)
            issue = issuing.number_letter if letter.by_the_head else issuing.issue_own_letter
            issue(letter, by=signed_in(), number=form.number.data)
            said = (
                say("Surat bernomor {number}.", number=letter.number)
                if letter.number
                else say("Surat terbit tanpa nomor.")
            )
            return done(said, "letters.letter", id=id)
    return _page(letter, step, form)


@blueprint.route("/letters/<int:id>/record-number", methods=["GET", "POST"])
def record_number(id: int) -> Response:
    """Write down the number that the office gave by hand."""
    step, form = LETTER_STEPS["record-number"], LetterNumberForm()
    letter = _letter(id, step)
    if form.validate_on_submit():
        with refusals_on(form, Refusal):
            expect_revision(letter, form.seen_version)
            issuing.record_letter_number(letter, by=signed_in(), number=form.number.data)
            return done(say("Nomor surat dicatat."), "letters.letter", id=id)
    return _page(letter, step, form)


@blueprint.route("/letters/<int:id>/serve", methods=["GET", "POST"])
@takes_file(largest=LARGEST_UPLOAD)
def serve(id: int) -> Response:
    """The letter was handed over, or could not be. The scan of its receipt may come with the form."""
    step, form, received = LETTER_STEPS["serve"], DeliveryForm(), no_files()
    if form.is_submitted():
        expect_step(load_letter(signed_in(), id, action=step.action), step)
        received = receive_files(form, signed_in())
    letter = _letter(id, step)
    if form.validate_on_submit():
        with refusals_on(form, Refusal):
            expect_revision(letter, form.seen_version)
            delivery = serving.serve_letter(
                letter, by=signed_in(), attempt=_attempt(form), scan=received.get("scan")
            )
            said = (
                say("Penyampaian dicatat.")
                if delivery.counts
                else say("Percobaan penyampaian dicatat.")
            )
            return done(said, "letters.letter", id=id)
    asks_restart = serving.ran_before(letter)
    return _page(letter, step, form, asks_restart=asks_restart, largest=LARGEST_UPLOAD)


def _attempt(form: DeliveryForm) -> serving.Attempt:
    return serving.Attempt(
        how=form.how.data or "",
        served_on=form.served_on.data,
        receiver=form.receiver.data,
        receiver_position=form.receiver_position.data,
        witness=form.witness.data,
        delivered=form.delivered.data != "no",
        why_not=form.why_not.data,
        restart_deadlines={"yes": True, "no": False}.get(form.restart_deadlines.data or ""),
    )


@blueprint.route("/letters/<int:id>/replace", methods=["GET", "POST"])
def replace(id: int) -> Response:
    """A new version of the letter, as a draft."""
    step, form = LETTER_STEPS["replace"], ReplaceForm()
    letter = _letter(id, step)
    if form.validate_on_submit():
        with refusals_on(form, Refusal):
            expect_revision(letter, form.seen_version)
            changed = form.corrections(letter, _corrected_facts())
            new = drafting.replace_letter(
                letter, by=signed_in(), reason=form.reason.data, options=changed
            )
            if letter.kind in MADE_BY_ACTS:
                return done(say("Versi baru disusun."), "letters.letter", id=new.id)
            return done(say("Versi baru disusun; perbaiki isinya."), "letters.edit", id=new.id)
    return _page(letter, step, form, corrects=letter.kind in MADE_BY_ACTS)


def _corrected_facts() -> dict[str, str]:
    """The facts of findings that were typed anew, by the id of the finding."""
    return {
        name.removeprefix("fact-"): words
        for name, words in request.form.items()
        if name.startswith("fact-") and words.strip()
    }


@blueprint.route("/letters/<int:id>/withdraw", methods=["GET", "POST"])
def withdraw(id: int) -> Response:
    """The letter holds no longer."""
    step, form = LETTER_STEPS["withdraw"], LetterReasonForm()
    letter = _letter(id, step)
    if form.validate_on_submit():
        with refusals_on(form, Refusal):
            expect_revision(letter, form.seen_version)
            ending.withdraw_letter(letter, by=signed_in(), reason=form.reason.data)
            return done(say("Surat ditarik."), "letters.letter", id=id)
    return _page(letter, step, form)
