"""The page of a visit, and taking its record back."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, request, url_for

from compliance.cases.commands.visits import next_visit_day, record_visit, undo_visit
from compliance.cases.models import NOT_MET_REASONS, OUTCOMES, Case, Visit
from compliance.cases.next_action import consequences, has_come
from compliance.cases.proofs.commands import add_file_of_visit
from compliance.cases.proofs.rules import PROOF_FILES
from compliance.cases.queries import load_case
from compliance.cases.views import blueprint, case_for_step, shown_beside, step_page
from compliance.cases.visits.forms import VisitForm
from compliance.cases.workflow import RESOLVED, UNRESOLVED
from compliance.companies.circumstances.rules import CIRCUMSTANCES
from compliance.core.text import Text, say
from compliance.evidence.uploads import no_files, receive_files
from compliance.files.commands import ReceivedFile
from compliance.files.rules import LARGEST_UPLOAD
from compliance.office.queries import licensing_offices
from compliance.office.settings import today
from compliance.people.sessions import signed_in
from compliance.web.answering import done, go
from compliance.web.formatting import written
from compliance.web.forms import recent_days
from compliance.web.uploads import takes_file


@blueprint.route("/cases/<number>/recheck", methods=["GET", "POST"])
@takes_file(largest=2 * LARGEST_UPLOAD)
def recheck(number: str) -> Response:
    """How a visit went. The page says what every outcome leads to, before it is sent."""
    form, received = VisitForm(data={"visited_on": today()}), no_files()
    if form.is_submitted():
        load_case(signed_in(), number=number, action="case.visit")
        received = receive_files(form, signed_in())
    case = case_for_step("recheck", number)
    offices = [office.name for office in licensing_offices(case.region_code)]
    closing = say(
        "Kasus akan ditutup dan catatan perizinannya dicabut; {offices} diberi tahu. Dalam sepuluh menit"
        " hasil ini masih dapat dibatalkan.",
        offices=", ".join(offices),
    )
    form.ask_about(case, closing=closing)

    visit: Visit | None = None

    def act() -> Text:
        nonlocal visit
        before = case.status
        visit = record_visit(case, by=signed_in(), facts=form.facts())
        _keep_files(case, visit, form, received)
        return _what_became(case, visit, before=before, offices=", ".join(offices))

    return step_page(
        "recheck",
        case,
        form,
        act,
        then=lambda: _page_of_circumstance(case, visit),
        outcomes=OUTCOMES,
        not_met_reasons=NOT_MET_REASONS,
        next_visit=next_visit_day(),
        stays_open=case.status == UNRESOLVED,
        days=recent_days(today()),
        largest=LARGEST_UPLOAD,
        extras=shown_beside(case),
        counts=has_come(case, today()),
        follows=consequences(case, today=today(), offices=offices),
    )


def _keep_files(
    case: Case, visit: Visit, form: VisitForm, received: Mapping[str, ReceivedFile]
) -> None:
    """The certificate and the receipt of the contribution that came with the form."""
    for field, note in PROOF_FILES.items():
        if (file := received.get(field)) is not None:
            add_file_of_visit(
                case,
                by=signed_in(),
                visit=visit,
                **vars(file),
                note=written(note),
                class_=form.class_of_files,
            )


def _what_became(case: Case, visit: Visit, *, before: str, offices: str) -> Text:
    if case.status == RESOLVED:
        return say("Dicatat: patuh. Kasus selesai; {offices} diberi tahu.", offices=offices)
    if visit.outcome == "not_met":
        return say(
            "Kunjungan dicatat: tidak dapat ditemui. Kasus tetap seperti semula. {next}",
            next=NEXT_AFTER[visit.not_met_reason or "other"],
        )
    if case.status != UNRESOLVED:
        return say(
            "Kunjungan dicatat. Hari pengecekan kembali belum tiba: {day}.", day=case.effective_on
        )
    if before == UNRESOLVED:
        return say(
            "Kunjungan dicatat. Catatan perizinan tetap berlaku. Kunjungan berikutnya {day}.",
            day=case.next_visit_on,
        )
    return say("Dicatat: belum selesai. Catatan perizinan dikirim ke {offices}.", offices=offices)


def _page_of_circumstance(case: Case, visit: Visit | None) -> str | None:
    """Where it is recorded that the company closed or moved, when nobody was met for that and nobody has
    recorded it yet.
    """
    reason = visit.not_met_reason if visit else None
    if visit is None or reason not in CIRCUMSTANCES or case.company.circumstance == reason:
        return None
    return url_for(
        "circumstances.new",
        id=case.company_id,
        kind=reason,
        since=visit.visited_on,
        next=url_for("cases.show", number=case.number),
    )


NEXT_AFTER = {
    "closed": say("Catat penutupannya, dengan buktinya."),
    "moved": say("Catat alamat barunya sebelum kunjungan berikutnya."),
    "refused": say("Catat siapa yang menolak, lalu minta pendampingan lewat atasan."),
    "other": say("Atur kunjungan berikutnya."),
}
"""What follows a visit at which nobody was met, by its reason."""


@blueprint.route("/cases/<number>/recheck/undo", methods=["GET", "POST"])
def undo_recheck(number: str) -> Response:
    """Take the last visit back; opened by itself, the address leads to the case."""
    if request.method == "GET":
        return go("cases.show", number=number)
    case = load_case(signed_in(), number=number, action="case.visit", for_update=True)
    visit = undo_visit(case, by=signed_in())
    sentence = say(
        "Hasil kunjungan {day} dibatalkan. Kasus kembali seperti sebelumnya.", day=visit.visited_on
    )
    return done(sentence, "cases.show", number=number)
