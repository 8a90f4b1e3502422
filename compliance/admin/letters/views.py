"""Admin pages about letters: who signs them for which office, from when to when; and the letterhead of an
inspectorate, with the PDF of an invented letter beside the form.
"""

from __future__ import annotations

from datetime import date

from flask import Response, make_response, request
from werkzeug.datastructures import FileStorage

from compliance.admin.letters.forms import LetterheadForm, SignatoryEndForm, SignatoryForm
from compliance.admin.letters.wording import example_as_pdf
from compliance.admin.views.blueprint import blueprint
from compliance.core.db import db
from compliance.core.errors import Invalid, NotAllowed, Refusal
from compliance.core.events import Subject, expect_nothing_since, last_id
from compliance.core.keyset import read_id
from compliance.core.text import say
from compliance.files.commands import keep_bytes
from compliance.files.models import StoredFile
from compliance.files.rules import PNG, BadFile
from compliance.letters.examples import example_letter
from compliance.letters.rendering import LayoutRefused
from compliance.letters.rules import Signer, nip_doubt
from compliance.office.letterheads import queries
from compliance.office.letterheads.commands import (
    check_letterhead,
    drop_letterhead,
    keep_letterhead,
)
from compliance.office.letterheads.crests import LARGEST_CREST, read_crest
from compliance.office.letterheads.models import Letterhead
from compliance.office.letterheads.rules import USUAL_FONT, LetterheadFacts
from compliance.office.models import Office
from compliance.office.queries import inspectorates
from compliance.office.settings import today
from compliance.office.signatories import queries as signatory_queries
from compliance.office.signatories.commands import (
    add_signatory,
    change_signatory,
    end_signatory,
    read_signatory,
    stand_in_without_end,
)
from compliance.office.signatories.models import Signatory
from compliance.office.signatories.rules import titles_of
from compliance.people.sessions import signed_in
from compliance.policy import require
from compliance.web.answering import done, go, refusals_on, show, tell
from compliance.web.requests import given_back
from compliance.web.security import POLICY_WITH_FRAMES, in_frame
from compliance.web.uploads import LARGEST_FORM, takes_file

_CHANGED = "office.letterhead_changed"
_SIGNED_BY_HEAD = "recheck_notice"
"""The invented letter that shows a signature: one page, and the head alone signs it."""


@blueprint.route("/signatories", methods=["GET", "POST"])
def signatories() -> Response:
    """All who sign or signed, who signs today, and the form for another."""
    by, form = signed_in(), SignatoryForm()
    require(by, "signatory.manage")
    if form.validate_on_submit():
        with refusals_on(form):
            if (question := _question(form)) is not None:
                return question
            if form.confirmed.data != "no":
                return _saved(add_signatory(by=by, **form.typed))
    day = today()
    return _with_example(
        show(
            "admin/signatories.html",
            form,
            signatories=signatory_queries.signatories(),
            signing=signatory_queries.signing_today(day),
            offices={office.id: office.name for office in inspectorates()},
            today=day,
            shows_saved=not form.problems and given_back() is None,
        )
    )


def _with_example(response: Response) -> Response:
    """A page that shows an invented letter within itself."""
    response.headers["Content-Security-Policy"] = POLICY_WITH_FRAMES
    return response


@blueprint.route("/signatories/preview", methods=["GET", "POST"])
def signatory_preview() -> Response:
    """An invented letter under the person who is typed (a POST), or under who signs (a GET); nothing is
    kept.
    """
    require(signed_in(), "signatory.manage")
    asked = read_id(request.args.get("id"))
    person = signatory_queries.load_signatory(signed_in(), asked) if asked is not None else None
    form = SignatoryForm(person)
    with refusals_on(form, Refusal):
        if request.method == "POST":
            form.validate()
        if person is None and request.method == "GET":
            return in_frame(example_as_pdf(_SIGNED_BY_HEAD))
        return in_frame(_signed_by(form))
    return in_frame(show("admin/letterhead_refused.html", form))


def _signed_by(form: SignatoryForm) -> Response:
    """An invented letter of the first day on which the typed person signs. Raises Invalid, Refusal."""
    typed = form.typed
    days = {name: typed.pop(name) for name in ("from_on", "until_on")}
    office, capacity = typed.pop("office"), typed.pop("capacity")
    line = read_signatory(typed, capacity=capacity, **days)
    titles = titles_of(line["title"], line["capacity"], line["on_behalf_of"])
    return example_as_pdf(
        _SIGNED_BY_HEAD,
        head=Signer(titles, line["name"], line["rank"], line["nip"]),
        region=office.region_code if office is not None else None,
        day=line["from_on"],
    )


@blueprint.route("/signatories/<int:id>", methods=["GET", "POST"])
def signatory(id: int) -> Response:
    """What was mistyped is put right, while no letter bears the name."""
    by = signed_in()
    person = signatory_queries.load_signatory(by, id, for_update=request.method == "POST")
    form = SignatoryForm(person)
    if form.validate_on_submit():
        with refusals_on(form):
            if not person.used and (question := _question(form)) is not None:
                return question
            if form.confirmed.data != "no":
                change_signatory(person, by=by, **form.typed)
                return _saved(person)
    return _with_example(
        show(
            "admin/signatory.html",
            form,
            signatory=person,
            offices={office.id: office.name for office in inspectorates()},
            shows_saved=not form.problems and given_back() is None,
        )
    )


@blueprint.route("/signatories/<int:id>/end", methods=["GET", "POST"])
def signatory_end(id: int) -> Response:
    """A person signs no longer, from a day on."""
    by, form = signed_in(), SignatoryEndForm()
    person = signatory_queries.load_signatory(by, id)
    if form.validate_on_submit():
        with refusals_on(form):
            end_signatory(person, by=by, until_on=form.until_on.data)
            return done(say("{name} disimpan.", name=person.name), ".signatories")
    return show("admin/signatory_end.html", form, signatory=person)


def _question(form: SignatoryForm) -> Response | None:
    """Before somebody signs for the head without an end: from which day which letters bear whom."""
    stand_in = stand_in_without_end(today=today(), **form.typed)
    if stand_in is None or form.confirmed.data:
        return None
    names = [name for name in form.data if name not in ("confirmed", "version", "csrf_token")]
    kept = [(name, request.form.get(name, "")) for name in names]
    return show("admin/signatory_confirm.html", form, stand_in=stand_in, typed=kept)


def _saved(person: Signatory) -> Response:
    """To the list, with what looks odd about the NIP."""
    if doubt := nip_doubt(person.nip):
        tell(doubt, "caution")
    return done(say("{name} disimpan.", name=person.name), ".signatories")


@blueprint.route("/offices/<code>/letterhead", methods=["GET", "POST"])
@takes_file(largest=LARGEST_FORM)
def letterhead(code: str) -> Response:
    """The letterhead of an inspectorate: what holds, what will hold, and the form for another."""
    by = signed_in()
    office = queries.load_letter_office(by, code)
    kept = _asked_for(office)
    form = _form_of(office, kept)
    if form.validate_on_submit():
        expect_nothing_since(form.seen_version, _CHANGED, Subject("office", code))
        with refusals_on(form):
            return _keep(code, form, kept_id=kept.id if kept else None)
    response = show(
        "admin/letterhead.html",
        form,
        office=office,
        kept=kept,
        versions=queries.letterheads_of(office.id),
        in_force=queries.letterhead_on(office.id, today()),
        today=today(),
        crest_sent=bool(_sent_crest(form)),
        largest=LARGEST_CREST,
        usual_font=USUAL_FONT,
        shows_saved=not form.problems and given_back() is None,
    )
    return _with_example(response)


@blueprint.route("/offices/<code>/letterhead/preview", methods=["GET", "POST"])
@takes_file(largest=LARGEST_FORM)
def letterhead_preview(code: str) -> Response:
    """An invented letter under what is typed (a POST) or saved (a GET), as PDF; nothing is kept."""
    office = queries.load_letter_office(signed_in(), code)
    kept = _asked_for(office)
    form = _form_of(office, kept)
    facts, day, crest = form.facts, form.from_on.data, kept.crest if kept else None
    with refusals_on(form, Refusal):
        if request.method == "POST":
            form.validate()
            crest = None if form.no_crest.data else crest
        return in_frame(_example(office, facts, day, _sent_crest(form), crest))
    return in_frame(show("admin/letterhead_refused.html", form, office=office))


@blueprint.post("/offices/<code>/letterhead/<int:id>/drop")
def drop_planned_letterhead(code: str, id: int) -> Response:
    by = signed_in()
    office = queries.load_letter_office(by, code)
    drop_letterhead(office, queries.load_letterhead(by, office, id), by=by)
    return done(say("Kepala surat yang direncanakan dihapus."), ".letterhead", code=code)


def _asked_for(office: Office) -> Letterhead | None:
    """The letterhead that is looked at: the planned one that the address names, else the one of today."""
    asked = read_id(request.args.get("version"))
    if asked is not None:
        return queries.load_letterhead(signed_in(), office, asked)
    return queries.letterhead_on(office.id, today())


def _form_of(office: Office, kept: Letterhead | None) -> LetterheadForm:
    facts = queries.facts_of_head(kept) if kept else queries.usual_letterhead(office)
    from_on = kept.from_on if kept and kept.from_on > today() else today()
    version = last_id(_CHANGED, Subject("office", office.code))
    return LetterheadForm(facts, from_on=from_on, version=version)


def _sent_crest(form: LetterheadForm) -> bytes:
    """The bytes of the file that was chosen; none when none was."""
    file = form.crest.data
    if not isinstance(file, FileStorage) or not file.filename:
        return b""
    file.stream.seek(0)
    content: bytes = file.read()
    return content


def _read_crest(content: bytes) -> bytes:
    """The crest that was sent as clean PNG. Raises Invalid, beside its field."""
    try:
        return read_crest(content)
    except BadFile as refusal:
        raise Invalid({"crest": refusal.reason}) from None


def _keep(code: str, form: LetterheadForm, *, kept_id: int | None) -> Response:
    """Store the crest first, then the letterhead. Raises Invalid, OSError."""
    by, sent = signed_in(), _sent_crest(form)
    check_letterhead(form.facts, form.from_on.data)
    stored = None
    if sent and not form.no_crest.data:
        db.session.rollback()  # nobody waits for what is slow
        stored = keep_bytes(_read_crest(sent), kind=PNG)
        if not by.active:
            raise NotAllowed()  # the person's access was taken away meanwhile
    office = queries.load_letter_office(by, code)
    before = queries.load_letterhead(by, office, kept_id) if kept_id else None
    crest = None if form.no_crest.data or before is None else before.crest
    kept = keep_letterhead(
        office, by=by, facts=form.facts, from_on=form.from_on.data, crest=stored or crest
    )
    if kept is None:
        return go(".letterhead", code=code)
    return done(
        say("Kepala surat disimpan; surat mulai {day} memakainya.", day=kept.from_on),
        ".letterhead",
        code=code,
    )


def _example(
    office: Office, facts: LetterheadFacts, day: date | None, sent: bytes, crest: StoredFile | None
) -> Response:
    """The PDF of an invented letter. Raises Invalid, Refusal."""
    facts = check_letterhead(facts, day)
    day = day or today()
    content = _read_crest(sent) if sent else None
    person = signatory_queries.signatory_on(office.region_code, day)
    head = None
    if person is not None:
        head = Signer(person.titles, person.name, person.rank, person.nip)
    named = crest.sha256 if crest else None
    db.session.rollback()  # nobody waits for what is slow
    try:
        made = example_letter(
            "nota_1",
            day,
            letterhead=facts.as_fact(crest="sent" if content else named),
            crest=content,
            head=head,
        )
    except LayoutRefused:
        raise Refusal(
            say("Huruf yang dipilih tidak dapat menyusun surat ini. Pilih huruf lain.")
        ) from None
    response = make_response(made)
    response.mimetype = "application/pdf"
    response.headers.set("Content-Disposition", "inline", filename="contoh-surat.pdf")
    return response
