"""Pages of Nota II: issue it, and record who received it; and of a number that was given by hand."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response

from compliance.cases.approvals.queries import last_sent_back
from compliance.cases.approvals.rules import SecondNotaFacts
from compliance.cases.commands.approvals import issue_or_submit_second
from compliance.cases.commands.nota import needs_approval, record_nota_number, record_receipt
from compliance.cases.forms import ReceiptForm
from compliance.cases.panels import SECOND_NOTA_PREVIEW, nota_parts, ways_to_sign
from compliance.cases.rules import NUMBER_TO_COME
from compliance.cases.second_nota.forms import NumberForm, SecondNotaForm
from compliance.cases.views import case_for_step, case_with_scan, keep_scan, step_page
from compliance.core.text import Text, say
from compliance.files.rules import LARGEST_UPLOAD
from compliance.office.settings import office_settings, today
from compliance.people.sessions import signed_in
from compliance.web.forms import recent_days
from compliance.web.uploads import takes_file

blueprint = Blueprint("second_nota", __name__)


@blueprint.route("/cases/<number>/second-nota", methods=["GET", "POST"])
def issue(number: str) -> Response:
    """Issue Nota II: what is still open, the day, the time it grants."""
    case = case_for_step("second-nota", number)
    sent_back = last_sent_back([case.id]).get(case.id)
    before = sent_back.facts if sent_back and sent_back.kind == "II" else {}
    kept = {name: before[name] for name in ("days", "number") if name in before}
    form = SecondNotaForm(data={**kept, "issued_on": today()})

    def act() -> Text:
        facts = SecondNotaFacts(form.issued_on.data, form.days.data, form.number.data or None)
        nota = issue_or_submit_second(case, by=signed_in(), facts=facts)
        if nota is None:
            return say("Nota II diajukan dan menunggu persetujuan kepala pengawas.")
        return say(
            "Nota II {number} terbit. Serahkan kepada perusahaan, lalu catat tanda terimanya.",
            number=nota.number or NUMBER_TO_COME,
        )

    return step_page(
        "second-nota",
        case,
        form,
        act,
        settings=office_settings(),
        days=recent_days(today()),
        waits=needs_approval(
            case, by=signed_in(), inspected_on=case.nota.inspected_on if case.nota else None
        ),
        sent_back=sent_back,
        previews=[offer(case) for offer in SECOND_NOTA_PREVIEW],
        parts=nota_parts(
            [finding.violation for finding in case.warned_of], form.issued_on.data or today()
        ),
    )


@blueprint.route("/cases/<number>/nota-number", methods=["GET", "POST"])
def nota_number(number: str) -> Response:
    """The number that tata usaha gave: of Nota I, and when that has one, of Nota II."""
    case, form = case_for_step("nota-number", number), NumberForm()
    nota = next((one for one in case.notas if one.number is None), None)

    def act() -> Text:
        assert nota is not None  # else the step is refused
        record_nota_number(nota, by=signed_in(), number=form.number.data)
        return say("Nomor Nota {kind} dicatat: {number}.", kind=nota.kind, number=nota.number)

    return step_page("nota-number", case, form, act, unnumbered=nota)


@blueprint.route("/cases/<number>/second-receipt", methods=["GET", "POST"])
@takes_file(largest=LARGEST_UPLOAD)
def receipt(number: str) -> Response:
    """Who received Nota II, and when. The scan of the receipt may come with the form."""
    form = ReceiptForm(data={"received_on": today()})
    case, scan = case_with_scan("second-receipt", number, form)

    def act() -> Text:
        record_receipt(
            case,
            by=signed_in(),
            received_on=form.received_on.data,
            received_by=form.received_by.data or "",
            kind="II",
        )
        keep_scan(case, kind="II", scan=scan)
        second = case.second_nota
        assert second is not None
        return say("Tanda terima dicatat. Batas waktu Nota II {day}.", day=second.deadline_on)

    return step_page(
        "second-receipt",
        case,
        form,
        act,
        days=recent_days(today()),
        largest=LARGEST_UPLOAD,
        unsigned=partial(ways_to_sign, case, "II"),
    )
