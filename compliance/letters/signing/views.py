"""The page of the doors to a signed letter: ink, ink and scan, a PDF signed elsewhere, the signing service.

A file is looked at, and the service is asked, before the transaction begins that writes about it.
"""

from __future__ import annotations

from typing import Any

from flask import Response
from werkzeug.datastructures import FileStorage

from compliance.core.db import db
from compliance.core.errors import Invalid, NotAllowed, NotFound, Refusal
from compliance.core.text import say
from compliance.files.rules import LARGEST_UPLOAD
from compliance.files.views import send_stored
from compliance.letters.commands.serving import sign_letter
from compliance.letters.kinds import LETTER_NAMES
from compliance.letters.models import Letter
from compliance.letters.queries import load_letter
from compliance.letters.signing.bsre import SigningRequest, sign_remotely, signing_service
from compliance.letters.signing.checking import SignedFile, check_signed_file
from compliance.letters.signing.commands import sign_with_file
from compliance.letters.signing.forms import InkSignatureForm, RemoteSigningForm, SignedPdfForm
from compliance.letters.signing.queries import expect_unsigned, letter_to_sign
from compliance.letters.signing.verifying import can_verify
from compliance.letters.steps import LETTER_STEPS
from compliance.letters.views.blueprint import blueprint
from compliance.letters.views.pages import expect_step, file_name, listed_on, page_facts
from compliance.office.settings import office_settings
from compliance.people.commands.access import SHORT_PAUSES, reserve_tries
from compliance.people.readings.commands import note_reading
from compliance.people.sessions import asks_again, signed_in
from compliance.policy import may
from compliance.web.answering import done, refusals_on, show
from compliance.web.forms import Form
from compliance.web.uploads import takes_file

_TRIES = 5
"""So many passphrases may be tried in a quarter of an hour before there are pauses."""


@blueprint.route("/letters/<int:id>/sign", methods=["GET", "POST"])
@asks_again
@takes_file(largest=LARGEST_UPLOAD)
def sign(id: int) -> Response:
    """All doors to a signed letter; sent here, it was signed with ink, and a scan may come along."""
    form, letter = InkSignatureForm(), load_letter(signed_in(), id, action="letter.sign")
    expect_step(letter, LETTER_STEPS["sign"])
    if form.validate_on_submit():
        with refusals_on(form, Refusal):
            content, day = _sent(form.scan.data), form.signed_on.data
            if content:
                _check_and_sign(letter, content, signed_on=day)
            else:
                letter = load_letter(signed_in(), id, action="letter.sign", for_update=True)
                sign_letter(letter, by=signed_in(), how="wet_ink", signed_on=day)
            return done(say("Tanda tangan dicatat."), "letters.letter", id=id)
    return _page(letter, ink=form)


@blueprint.post("/letters/<int:id>/sign/pdf")
@asks_again
@takes_file(largest=LARGEST_UPLOAD)
def sign_by_pdf(id: int) -> Response:
    """A PDF that was signed elsewhere becomes the signed letter."""
    form, letter = SignedPdfForm(), load_letter(signed_in(), id, action="letter.sign")
    expect_step(letter, LETTER_STEPS["sign"])
    if form.validate_on_submit():
        with refusals_on(form, Refusal):
            content = _sent(form.file.data)
            if not content:
                raise Invalid({"file": say("Pilih berkas PDF.")})
            signed = _check_and_sign(letter, content, only_electronic=True)
            return done(signed.facts.report.sentence, "letters.letter", id=id)
    return _page(letter, pdf=form)


@blueprint.post("/letters/<int:id>/sign/service")
@asks_again
def sign_by_service(id: int) -> Response:
    """The office's signing service signs the letter, by a passphrase that is kept nowhere."""
    form, by = RemoteSigningForm(), signed_in()
    letter, service = load_letter(by, id, action="letter.sign_remotely"), signing_service()
    if service is None:
        raise NotFound()
    expect_step(letter, LETTER_STEPS["sign"])
    if form.validate_on_submit():
        with refusals_on(form, Refusal):
            asked = SigningRequest(
                nik=(form.nik.data or "").replace(" ", ""),
                passphrase=form.passphrase.data or "",
                visible=form.look.data == "visible",
                reason=" ".join(filter(None, (str(LETTER_NAMES[letter.kind]), letter.number))),
                place=office_settings().letter_place,
            )
            if problems := asked.problems():
                raise Invalid(problems)
            expect_unsigned(letter)
            wanted = letter_to_sign(letter)
            reserve_tries({f"passphrase:{by.id}": (_TRIES, SHORT_PAUSES)})
            db.session.rollback()  # nobody waits for the service
            content = sign_remotely(wanted.content, asked, service=service)
            signed = _keep(letter, check_signed_file(content, wanted, only_electronic=True))
            return done(signed.facts.report.sentence, "letters.letter", id=id)
    return _page(letter, remote=form)


@blueprint.get("/letters/<int:id>/signed")
def signed_file(id: int) -> Response:
    """The signed file, byte for byte."""
    letter = load_letter(signed_in(), id)
    if letter.signed_file is None:
        raise NotFound()
    note_reading("letter", f"letter:{id}", page=listed_on(letter), by=signed_in())
    return send_stored(letter.signed_file, name=signed_name(letter))


def signed_name(letter: Letter) -> str:
    """What the signed file is called when it is saved."""
    assert letter.signed_file is not None
    return f"{file_name(letter).removesuffix('.pdf')}-ttd{letter.signed_file.ending}"


def _sent(file: Any) -> bytes:
    return file.read() if isinstance(file, FileStorage) else b""


def _check_and_sign(
    letter: Letter, content: bytes, *, only_electronic: bool = False, **typed: Any
) -> SignedFile:
    """Look at a file outside of any transaction, then write that it signs the letter. Raises Refusal."""
    expect_unsigned(letter)
    wanted = letter_to_sign(letter)
    db.session.rollback()  # nobody waits for what is slow
    signed = check_signed_file(content, wanted, only_electronic=only_electronic)
    return _keep(letter, signed, **typed)


def _keep(letter: Letter, signed: SignedFile, **typed: Any) -> SignedFile:
    by = signed_in()
    if not by.active:
        raise NotAllowed()  # the person's access was taken away meanwhile
    letter = load_letter(by, letter.id, action="letter.sign", for_update=True)
    sign_with_file(letter, by=by, signed=signed, **typed)
    return signed


def _page(letter: Letter, **sent: Form) -> Response:
    """All doors; the one that was tried shows what is wrong."""
    (tried,) = sent.values() if sent else (None,)
    service = signing_service() if may(signed_in(), "letter.sign_remotely") else None
    facts = page_facts(letter) | {"step": LETTER_STEPS["sign"], "largest": LARGEST_UPLOAD}
    return show(
        "letters/sign.html",
        tried,
        **facts,
        ink=sent.get("ink") or InkSignatureForm(formdata=None),
        pdf=sent.get("pdf") or SignedPdfForm(formdata=None),
        remote=sent.get("remote") or RemoteSigningForm() if service else None,
        service=service,
        installed=can_verify(),
    )
