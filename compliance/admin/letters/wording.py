"""Admin pages of what letters say: the paragraphs of each kind, with the PDF of an invented letter beside."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, abort, make_response, request
from wtforms import TextAreaField

from compliance.admin.views.blueprint import blueprint
from compliance.core.db import db
from compliance.core.errors import Invalid, Refusal
from compliance.core.parsing import printable
from compliance.core.text import say
from compliance.letters.commands.wording import save_wording
from compliance.letters.examples import example_letter
from compliance.letters.kinds import LETTER_KINDS, LETTER_NAMES
from compliance.letters.kinds.chips import CHIPS, wording_problems
from compliance.letters.queries import wording_on, wordings_of
from compliance.letters.rendering import LayoutRefused
from compliance.letters.rules import Signer
from compliance.office.letterheads.queries import letterhead_facts
from compliance.office.queries import inspectorates
from compliance.office.settings import today
from compliance.office.signatories.queries import signatory_on
from compliance.people.sessions import signed_in
from compliance.policy import require
from compliance.web.answering import done, refusals_on, show
from compliance.web.forms import DayField, Form
from compliance.web.requests import given_back
from compliance.web.security import POLICY_WITH_FRAMES, in_frame


class WordingForm(Form):
    """From when the paragraphs hold. Their fields are added by `_form`, under their own names."""

    valid_from = DayField()
    paragraphs: tuple[str, ...] = ()

    @property
    def typed(self) -> dict[str, str]:
        return {name: self[name].data or "" for name in self.paragraphs}


def _form(kind: str) -> WordingForm:
    entry, said = LETTER_KINDS[kind], wording_on(kind, today())
    fields: dict[str, Any] = {name: TextAreaField(filters=[printable]) for name in entry.paragraphs}
    data = {name: said.get(name, paragraph.text) for name, paragraph in entry.paragraphs.items()}
    made: WordingForm = type(
        "WordingFormOfKind", (WordingForm,), {**fields, "paragraphs": tuple(entry.paragraphs)}
    )(data={**data, "valid_from": today()})
    return made


def _may_be_worded(kind: str) -> None:
    require(signed_in(), "wording.manage")
    if kind not in LETTER_KINDS:
        abort(404)


@blueprint.get("/wording")
def wordings() -> Response:
    """The kinds of letters, to choose the one whose wording is changed."""
    require(signed_in(), "wording.manage")
    return show("admin/wordings.html", names=LETTER_NAMES)


@blueprint.route("/wording/<kind>", methods=["GET", "POST"])
def wording(kind: str) -> Response:
    """The paragraphs of one kind. A new version is kept; drafts and letters of before stay as they are."""
    _may_be_worded(kind)
    form = _form(kind)
    if form.validate_on_submit():
        with refusals_on(form):
            kept = save_wording(
                kind, by=signed_in(), paragraphs=form.typed, valid_from=form.valid_from.data
            )
            return done(
                say("Redaksi versi {version} disimpan.", version=kept.version),
                ".wording",
                kind=kind,
            )
    response = show(
        "admin/wording.html",
        form,
        kind=kind,
        name=LETTER_NAMES[kind],
        paragraphs=LETTER_KINDS[kind].paragraphs,
        chips=CHIPS,
        versions=wordings_of(kind),
        shows_saved=not form.problems and given_back() is None,
    )
    response.headers["Content-Security-Policy"] = POLICY_WITH_FRAMES
    return response


@blueprint.route("/wording/<kind>/preview", methods=["GET", "POST"])
def wording_preview(kind: str) -> Response:
    """An invented letter with the paragraphs that are typed (a POST) or saved (a GET); nothing is kept."""
    _may_be_worded(kind)
    form = _form(kind)
    with refusals_on(form, Refusal):
        if request.method == "POST":
            form.validate()
        return in_frame(_example(kind, form.typed))
    return in_frame(show("admin/letterhead_refused.html", form))


def _example(kind: str, typed: dict[str, str]) -> Response:
    """The PDF of an invented letter with these paragraphs. Raises Invalid, Refusal."""
    if problems := wording_problems(kind, typed):
        raise Invalid(problems)
    return example_as_pdf(kind, wording=typed)


def example_as_pdf(
    kind: str,
    *,
    head: Signer | None = None,
    region: str | None = None,
    day: date | None = None,
    **said: Any,
) -> Response:
    """The PDF of an invented letter of `day` or today; `said` is what it says otherwise. Without `head` it
    bears who signs. Raises Refusal.
    """
    day = day or today()
    if region is None:
        region = next((office.region_code for office in inspectorates()), "")
    letterhead = letterhead_facts(region, day)
    if head is None and (person := signatory_on(region, day)) is not None:
        head = Signer(person.titles, person.name, person.rank, person.nip)
    db.session.rollback()  # nobody waits for what is slow
    try:
        made = example_letter(kind, day, letterhead=letterhead, head=head, **said)
    except LayoutRefused:
        raise Refusal(say("Contoh ini belum dapat disusun sebagai PDF.")) from None
    response = make_response(made)
    response.mimetype = "application/pdf"
    response.headers.set("Content-Disposition", "inline", filename="contoh-surat.pdf")
    return response
