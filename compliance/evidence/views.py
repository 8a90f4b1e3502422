"""Addresses of evidence: its copies and original bytes, sending one, and the page that withdraws one."""

from __future__ import annotations

from flask import Blueprint, Response, make_response

from compliance.core.errors import Invalid, NotFound, Refusal
from compliance.core.text import say
from compliance.evidence.commands import AlreadyKept, withdraw_evidence
from compliance.evidence.forms import EvidenceForm, WithdrawalForm
from compliance.evidence.models import Evidence
from compliance.evidence.queries import load_evidence
from compliance.evidence.receiving import receive
from compliance.files.rules import LARGEST_UPLOAD, BadFile
from compliance.files.views import send_stored
from compliance.people.readings.commands import note_reading
from compliance.people.sessions import signed_in
from compliance.web.answering import done, refusals_on, show
from compliance.web.problems import problem, problem_of
from compliance.web.uploads import takes_file

blueprint = Blueprint("evidence", __name__, url_prefix="/evidence")
COPY_COMES_AFTER = 5
"""Seconds after which it is worth asking again for a copy that is being made."""


@blueprint.get("/<int:id>", endpoint="show")
def clean(id: int) -> Response:
    """The copy without a header, or the PDF; 202 while the copy is made."""
    by = signed_in()
    evidence, subject = load_evidence(by, id)
    expect_readable(evidence)
    if evidence.clean is None:
        return not_yet(evidence)
    note_reading("evidence", f"evidence:{id}", page=subject.page, by=by)
    return send_stored(evidence.clean, name=evidence.clean_name, keep=not evidence.is_restricted)


def expect_readable(evidence: Evidence) -> None:
    """Refuse a copy that will never be there: the photo cannot be read. Raises Refusal."""
    if evidence.unreadable_at is not None:
        raise Refusal(
            say(
                "{name} tidak terbaca: fotonya tidak dapat dibuka, jadi tidak ada salinan untuk dilihat."
                " Berkas yang dikirim tetap tersimpan.",
                name=evidence.name,
            )
        )


def not_yet(evidence: Evidence) -> Response:
    """What is answered instead of a clean copy that is being made."""
    response = show("evidence/waiting.html", status=202, evidence=evidence)
    response.headers["Retry-After"] = str(COPY_COMES_AFTER)
    return response


@blueprint.post("/send")
@takes_file(largest=LARGEST_UPLOAD)
def send() -> Response:
    """One photo from the script of a page (photos.js), which keeps it until this answer says that it is here.

    What is refused is answered as a problem; `kept` says that the server has these bytes already.
    """
    form = EvidenceForm({})
    try:
        if not form.validate_on_submit():
            raise Invalid(
                {"": say("Permintaan ini tidak lengkap. Muat ulang halaman, lalu coba lagi.")}
            )
        evidence = receive(form, by=signed_in())
    except AlreadyKept as known:
        return problem(known.status, known.reason, kept=True)
    except (Invalid, BadFile) as refusal:
        return problem_of(refusal)
    return make_response({"id": evidence.id, "original": evidence.original}, 201)


@blueprint.get("/<int:id>/small")
def small(id: int) -> Response:
    """The small copy for lists."""
    evidence, _subject = load_evidence(signed_in(), id)
    expect_readable(evidence)
    if evidence.small is None:
        raise NotFound()
    return send_stored(evidence.small, name=evidence.clean_name, keep=not evidence.is_restricted)


@blueprint.get("/<int:id>/original")
def original(id: int) -> Response:
    """The bytes as they were sent, with their header."""
    by = signed_in()
    evidence, subject = load_evidence(by, id, action="evidence.original")
    note_reading("original", f"evidence:{id}", page=subject.page, by=by)
    return send_stored(evidence.file, name=evidence.name, inline=False, keep=False)


@blueprint.route("/<int:id>/withdraw", methods=["GET", "POST"])
def withdraw(id: int) -> Response:
    """Say that a piece of evidence no longer counts, and why."""
    by, form = signed_in(), WithdrawalForm()
    evidence, subject = load_evidence(by, id, action="evidence.add", for_update=form.is_submitted())
    if form.validate_on_submit():
        with refusals_on(form):
            withdraw_evidence(evidence, subject=subject, by=by, reason=form.reason.data or "")
            return done(say("Bukti ditarik; berkasnya dan riwayatnya tetap ada."), subject.page)
    return show("evidence/withdraw.html", form, evidence=evidence, back=subject.page)
