"""Pages of the counter: check and receipt; pages of flags: list, answer, lift, and a sanction BPJS asks for."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from compliance.cases.queries import expect_version, load_case, questions_on
from compliance.companies.queries import load_company
from compliance.core.errors import Invalid
from compliance.core.parsing import clean_line
from compliance.core.text import say
from compliance.licensing import clearance as answers
from compliance.licensing import commands, queries
from compliance.licensing.checks.rules import Answer, decide_by, word_of
from compliance.licensing.clearance import Meant
from compliance.licensing.codes import shown_code
from compliance.licensing.exports import CHECK_COLUMNS, FLAG_COLUMNS
from compliance.licensing.forms import AcknowledgementForm, CheckForm, DecisionForm, LiftForm, SanctionForm
from compliance.licensing.models import ANSWERS, DECISIONS, LEVELS, Flag, LicenceCheck
from compliance.licensing.queries import BY_SINCE, CheckFilter, FlagFilter
from compliance.licensing.rules import SERVICES
from compliance.office.settings import office_settings, today
from compliance.people.models import User
from compliance.people.saved_views.views import saved_views
from compliance.people.sessions import signed_in
from compliance.policy import lies_in, may, require, scope
from compliance.reference.regions import REGION_NAMES
from compliance.web.exports import csv_file
from compliance.web.formatting import render_text
from compliance.web.pages import keyset, order_of, page_size
from compliance.web.qr import qr

blueprint = Blueprint("licensing", __name__)


@blueprint.route("/check", methods=["GET", "POST"])
def check() -> ResponseReturnValue:
    """The one box. A question is a record of its own, so it is posted and leads to its receipt."""
    require(signed_in(), "check.make")
    form = CheckForm()
    if not form.validate_on_submit():
        return render_template("licensing/check.html", form=form), 422 if form.is_submitted() else 200
    try:
        chosen_id, asked = form.chosen_id, form.question
        if chosen_id is None:
            meant = answers.whom_it_means(asked)
        else:
            meant = Meant(load_company(signed_in(), chosen_id))
        if meant.candidates:
            return redirect(url_for(".choose", asked=answers.clean_question(asked)), 303)
        made = commands.make_check(asked, meant.company, by=signed_in())
    except Invalid as refusal:
        form.refuse(refusal)
        return _choice(form, form.among.data or "") or render_template("licensing/check.html", form=form), 422
    return redirect(url_for(".receipt", receipt=made.receipt), 303)


@blueprint.get("/check/choose")
def choose() -> ResponseReturnValue:
    """Several companies are meant, or one is only nearly named: the officer chooses, nobody guesses."""
    require(signed_in(), "check.make")
    return _choice(CheckForm(formdata=None), request.args.get("asked", "")) or redirect(url_for(".check"))


def _choice(form: CheckForm, question: str) -> str | None:
    """The page that lists whom `question` may mean, by number; None when it leaves nothing to choose."""
    try:
        meant = answers.whom_it_means(question)
    except Invalid:
        return None
    if not meant.candidates:
        return None
    return render_template(
        "licensing/choose.html", form=form, meant=meant, question=answers.clean_question(question)
    )


@blueprint.get("/check/history")
def history() -> str:
    by, size = signed_in(), page_size()
    wanted = _checks_wanted()
    checks = queries.checks_of(by, wanted, after=request.args.get("after"), limit=size + 1)
    return render_template(
        "licensing/history.html", page=keyset(checks, size=size, cursor=queries.NEWEST_CHECK_FIRST.cursor), wanted=wanted,
        decisions=DECISIONS, word_of=word_of, decide_by=decide_by, today=today(),
        everybody=scope(by, "check.read") == "all",
    )  # fmt: skip


@blueprint.get("/check/history.csv")
def history_file() -> Response:
    """The history as a file, all of it."""
    by = signed_in()
    require(by, "list.export")
    name = say("{id}", id="riwayat-cek", en="checks")
    return csv_file(name, today(), CHECK_COLUMNS, queries.checks_for_file(by, _checks_wanted()))


def _checks_wanted() -> CheckFilter:
    """The checks that the address asks for."""
    return CheckFilter(
        q=(clean_line(request.args.get("q")) or "")[: answers.LONGEST_QUESTION] or None,
        decided={"yes": True, "no": False}.get(request.args.get("decided", "")),
    )


@blueprint.get("/check/<receipt>")
def receipt(receipt: str) -> ResponseReturnValue:
    check = queries.load_check(signed_in(), receipt)
    return _receipt(check, DecisionForm.on(check))


@blueprint.get("/check/<receipt>/print")
def print_receipt(receipt: str) -> ResponseReturnValue:
    check = queries.load_check(signed_in(), receipt)
    return _receipt(check, None, template="licensing/print.html")


def _receipt(
    check: LicenceCheck,
    form: DecisionForm | None,
    *,
    status: int = 200,
    template: str = "licensing/receipt.html",
) -> ResponseReturnValue:
    by, answer = signed_in(), Answer.restored(check.answer)
    case_ids = [case.id for case in answer.cases] if may(by, "case.ask") else []
    address = url_for("verify.show", code=shown_code(check.code))
    page = render_template(
        template, check=check, answer=answer, form=form, decisions=DECISIONS, levels=LEVELS,
        numbers=answers.shown_numbers(answer.company) if answer.company else [], office_name=office_settings().office_name,
        questions=questions_on(case_ids, by) if case_ids else [], code=shown_code(check.code),
        address=current_app.config["PATUH_BASE_URL"] + address, qr=qr,
    )  # fmt: skip
    return page, status


@blueprint.post("/check/<receipt>/decision")
def decide(receipt: str) -> ResponseReturnValue:
    check = queries.load_check(signed_in(), receipt, action="check.decide", for_update=True)
    form = DecisionForm.on(check)
    try:
        form.validate()
        commands.decide_check(
            check,
            by=signed_in(),
            decision=form.decision.data or "",
            application=form.application.data,
            note=form.note.data,
        )
    except Invalid as refusal:
        form.refuse(refusal)
        return _receipt(check, form, status=422)
    flash(f"{_('Keputusan dicatat.')} {render_text(DECISIONS[form.decision.data])}.")
    return redirect(url_for(".receipt", receipt=receipt), 303)


@blueprint.get("/flags")
def flags() -> str:
    """The flags in force or lifted, narrowed and sorted by what the address says."""
    by, size, saved = signed_in(), page_size(), saved_views("flags")
    wanted = _wanted(by, request.args)
    counts = queries.count_flags(by, wanted, {each.id: _wanted(by, each.asked) for each in saved})
    total = counts["lifted" if wanted.lifted else "active"]
    sorts = queries.flag_sorts(total=total)
    order = order_of(sorts.values(), otherwise=BY_SINCE.falling)
    found = queries.flags_of(by, wanted, order=order, after=request.args.get("after"), limit=size + 1)
    return render_template(
        "licensing/flags.html", page=keyset(found, size=size, cursor=queries.keyset_of(order).cursor), wanted=wanted,
        counts=counts, counted=queries.COUNTED, total=total, levels=LEVELS, regions=_regions(by),
        sorts=sorts, order=order, saved=saved, answers=ANSWERS,
    )  # fmt: skip


@blueprint.get("/flags.csv")
def flags_file() -> Response:
    """The same list as a file, all of it."""
    by = signed_in()
    require(by, "list.export")
    wanted = _wanted(by, request.args)
    total = queries.count_flags(by, wanted)["lifted" if wanted.lifted else "active"]
    order = order_of(queries.flag_sorts(total=total).values(), otherwise=BY_SINCE.falling)
    name = say("{id}", id="catatan", en="records")
    return csv_file(name, today(), FLAG_COLUMNS, queries.flags_for_file(by, wanted, order=order))


def _regions(by: User) -> dict[str, str]:
    """The names of the regencies whose flags `by` may see."""
    everywhere = by.role != "licensing"
    return {code: name for code, name in REGION_NAMES.items() if everywhere or lies_in(code, by.region_code)}


def _wanted(by: User, args: Mapping[str, str]) -> FlagFilter:
    """The filter that an address asks for; what makes no sense filters nothing."""
    level, region = args.get("level"), args.get("region")
    return FlagFilter(
        lifted=args.get("state") == "lifted", level=level if level in LEVELS else None,
        region=region if region in _regions(by) else None, unread="unread" in args,
        office_id=by.office_id if by.role == "licensing" else None,
    )  # fmt: skip


@blueprint.get("/flags/<int:id>")
def flag(id: int) -> ResponseReturnValue:
    return _flag(queries.load_flag(signed_in(), id), AcknowledgementForm())


def _flag(flag: Flag, form: AcknowledgementForm, *, status: int = 200) -> ResponseReturnValue:
    ours = next((each for each in flag.acknowledgements if each.office_id == signed_in().office_id), None)
    page = render_template(
        "licensing/flag.html", flag=flag, form=form, levels=LEVELS, ours=ours,
        events=queries.history_of(flag), answers=ANSWERS, services=SERVICES,
        questions=questions_on([flag.case_id], signed_in()),
    )  # fmt: skip
    return page, status


@blueprint.post("/flags/<int:id>/acknowledgement")
def acknowledge(id: int) -> ResponseReturnValue:
    flag = queries.load_flag(signed_in(), id, action="flag.acknowledge", for_update=True)
    form = AcknowledgementForm()
    try:
        if not form.answer.data:
            raise Invalid({"answer": say("Pilih jawaban kantor Anda.")})
        commands.acknowledge_flag(flag, by=signed_in(), answer=form.answer.data, note=form.note.data)
    except Invalid as refusal:
        form.refuse(refusal)
        return _flag(flag, form, status=422)
    flash(_("Jawaban kantor Anda dicatat. Pengawas dapat membacanya."))
    return redirect(url_for(".flag", id=id), 303)


@blueprint.route("/flags/<int:id>/lift", methods=["GET", "POST"])
def lift(id: int) -> ResponseReturnValue:
    flag = queries.load_flag(signed_in(), id, action="flag.lift", for_update=request.method == "POST")
    form = LiftForm(data={"version": str(flag.case.version)})
    if form.is_submitted():
        expect_version(flag.case, form.seen_version)
    if form.validate_on_submit():
        try:
            commands.lift_flag(
                flag, by=signed_in(), reason=form.reason.data or "", proof=form.proof.data or ""
            )
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("Catatan dicabut. Kantor perizinan segera diberi tahu."))
            return redirect(url_for(".flag", id=id), 303)
    page = render_template("licensing/lift.html", flag=flag, form=form, levels=LEVELS)
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/cases/<path:number>/sanction", methods=["GET", "POST"])
def sanction(number: str) -> ResponseReturnValue:
    """Pass on a TMP2T request that came from BPJS. The labour office does not impose it (PP 86/2013 art. 8)."""
    case = load_case(signed_in(), number=number, action="flag.sanction", for_update=request.method == "POST")
    form = SanctionForm(data={"version": str(case.version)})
    form.offer()
    if form.is_submitted():
        expect_version(case, form.seen_version)
    if form.validate_on_submit():
        try:
            made = commands.record_sanction(
                case, by=signed_in(), letter_number=form.letter_number.data or "", letter_on=form.letter_on.data,
                services=form.services.data or (),
            )  # fmt: skip
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("Permintaan TMP2T dicatat. Kantor perizinan segera diberi tahu."))
            return redirect(url_for(".flag", id=made.id), 303)
    return render_template(
        "licensing/sanction.html", case=case, form=form
    ), 422 if form.is_submitted() else 200
