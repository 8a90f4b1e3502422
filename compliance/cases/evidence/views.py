"""The pages of evidence of a case and of a draft: what is there, and the form for photos and PDFs."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, abort, request
from sqlalchemy.orm import selectinload

from compliance.cases.evidence.queries import subject_named
from compliance.cases.models import Case
from compliance.cases.nota.queries import issued_from, load_draft
from compliance.cases.panels import CASE_FILES_PANELS
from compliance.cases.queries import load_case
from compliance.core.errors import Invalid, NotFound
from compliance.core.text import say
from compliance.evidence.commands import AlreadyKept
from compliance.evidence.forms import EvidenceForm
from compliance.evidence.models import EVIDENCE_CLASSES
from compliance.evidence.queries import also_about, evidence_of
from compliance.evidence.receiving import receive
from compliance.evidence.subjects import subjects_of
from compliance.files.rules import LARGEST_UPLOAD, BadFile
from compliance.people.sessions import signed_in
from compliance.policy import may
from compliance.web.answering import go, refusals_on, show, tell
from compliance.web.uploads import takes_file

blueprint = Blueprint("case_evidence", __name__)
_VISITS = (selectinload(Case.visits),)


@blueprint.route("/cases/<number>/files", methods=["GET", "POST"])
@takes_file(largest=LARGEST_UPLOAD)
def index(number: str) -> Response:
    """All evidence of a case, and the form for more."""
    action = "evidence.add" if request.method == "POST" else "evidence.read"
    case = load_case(signed_in(), number=number, action=action, also=_VISITS)
    return _page(case, "cases/files.html")


@blueprint.route("/notas/<uuid:draft_key>/photos", methods=["GET", "POST"])
@takes_file(largest=LARGEST_UPLOAD)
def photos(draft_key: uuid.UUID) -> Response:
    """The evidence of a draft. Once it is issued, the page is that of its case."""
    by = signed_in()
    try:
        case = load_draft(by, str(draft_key))
    except NotFound:
        issued = issued_from(by, str(draft_key))
        if issued is None:
            raise
        abort(go("case_evidence.index", number=issued.number))
    return _page(case, "cases/nota/photos.html")


def _page(case: Case, template: str) -> Response:
    """The page, with what was sent to it added."""
    by, subjects, address = signed_in(), subjects_of(case), request.path
    asked = request.args.get("about", "")
    form = EvidenceForm(subjects, data={"about": asked if asked in subjects else None})
    if form.validate_on_submit():
        with refusals_on(form, AlreadyKept, BadFile):
            if subject_named(case, form.about.data or "") is None:
                raise Invalid({"about": say("Pilih bukti ini tentang apa.")})
            others = also_about(by, receive(form, by=by), case)
            tell(say("Bukti disimpan."))
            for other in others[:1]:
                tell(
                    say(
                        "Berkas yang sama sudah menjadi bukti di sini: {about}. Isinya disimpan satu kali.",
                        about=subjects[other],
                    )
                )
            return go(address)
    return show(
        template,
        form,
        case=case,
        items=evidence_of(by, case),
        subjects=subjects,
        classes=EVIDENCE_CLASSES,
        largest=LARGEST_UPLOAD,
        may_add=may(by, "evidence.add", case),
        parts=[part for panel in CASE_FILES_PANELS if (part := panel(case, by))],
        may_have_originals=may(by, "evidence.original", case),
    )
