"""Pages of the counter: check and receipt; pages of flags: list, acknowledge, lift, and a sanction BPJS asks for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from compliance.cases.queries import expect_version, load_case
from compliance.companies.queries import load_company
from compliance.core.errors import Invalid
from compliance.core.text import say
from compliance.licensing import answers, commands, queries
from compliance.licensing.answers import Meant
from compliance.licensing.exports import CHECK_COLUMNS, FLAG_COLUMNS
from compliance.licensing.forms import AcknowledgementForm, CheckForm, DecisionForm, LiftForm, SanctionForm
from compliance.licensing.models import DECISIONS, LEVELS, Flag, LicenceCheck
from compliance.licensing.queries import BY_SINCE, FlagFilter
from compliance.people.models import User
from compliance.people.places import PROVINCE, REGENCIES, Place
from compliance.people.saved_view_pages import saved_views
from compliance.people.sessions import signed_in
from compliance.people.settings import office_settings, today
from compliance.policy import require, scope
from compliance.web.exports import csv_file
from compliance.web.pages import keyset, order_of, page_size

blueprint = Blueprint("licensing", __name__)
LARGEST_ID = 2**31 - 1


@blueprint.route("/check", methods=["GET", "POST"])
def check() -> ResponseReturnValue:
    """The one box. A question is a record of its own, so it is posted and leads to its receipt."""
    require(signed_in(), "check.make")
    form = CheckForm()
    if not form.validate_on_submit():
        return render_template("licensing/check.html", form=form), 422 if form.is_submitted() else 200
    asked = form.asked.data or ""
    try:
        if form.company_id is None:
            meant = answers.whom_it_means(asked)
        else:
            meant = Meant(load_company(signed_in(), form.company_id))
        if meant.candidates:
            return redirect(url_for(".choose", asked=answers.clean_question(asked)), 303)
        made = commands.make_check(asked, meant.company, by=signed_in())
    except Invalid as refusal:
        form.refuse(refusal)
        return render_template("licensing/check.html", form=form), 422
    return redirect(url_for(".receipt", receipt=made.receipt), 303)


@blueprint.get("/check/choose")
def choose() -> ResponseReturnValue:
    """Several companies are meant, or one is only nearly named: the officer chooses, nobody guesses."""
    require(signed_in(), "check.make")
    form = CheckForm(request.args, meta={"csrf": False})
    try:
        meant = answers.whom_it_means(form.asked.data or "")
    except Invalid:
        meant = Meant()
    if not meant.candidates:
        return redirect(url_for(".check"))
    return render_template("licensing/choose.html", form=form, meant=meant)


@blueprint.get("/check/history")
def history() -> str:
    size = page_size()
    checks = queries.checks_of(signed_in(), before_id=_after(), limit=size + 1)
    page = keyset(checks, size=size, key=lambda check: str(check.id))
    return render_template(
        "licensing/history.html", page=page, decisions=DECISIONS, words_of=answers.words_of,
        everybody=scope(signed_in(), "check.read") == "all", size=size,
    )  # fmt: skip


@blueprint.get("/check/history.csv")
def history_file() -> Response:
    """The history as a file, all of it."""
    by = signed_in()
    require(by, "list.export")
    name = say("{id}", id="riwayat-cek", en="checks")
    return csv_file(name, today(), CHECK_COLUMNS, queries.checks_for_file(by))


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
    answer = answers.restored(check.answer)
    page = render_template(
        template, check=check, answer=answer, form=form, decisions=DECISIONS, levels=LEVELS,
        numbers=answers.shown_numbers(answer["company"] or {}), office_name=office_settings().office_name,
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
    flash(_("Keputusan dicatat."))
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
        "licensing/flags.html", page=keyset(found, size=size, key=partial(queries.flag_key, order=order)), wanted=wanted,
        counts=counts, counted=queries.COUNTED, total=total, levels=LEVELS, places=_places(by), region_name=answers.region_name,
        sorts=sorts, order=order, size=size, saved=saved,
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


def _places(by: User) -> list[Place]:
    """The regencies whose flags `by` may see."""
    whole = by.role != "licensing" or by.region_code == PROVINCE.code
    return [each for each in REGENCIES if whole or by.region_code == each.code]


def _wanted(by: User, args: Mapping[str, str]) -> FlagFilter:
    """The filter that an address asks for; what makes no sense filters nothing."""
    level, region = args.get("level"), args.get("region")
    return FlagFilter(
        lifted=args.get("state") == "lifted", level=level if level in LEVELS else None,
        region=region if region in {each.code for each in _places(by)} else None, unread="unread" in args,
        office_id=by.office_id if by.role == "licensing" else None,
    )  # fmt: skip


@blueprint.get("/flags/<int:id>")
def flag(id: int) -> ResponseReturnValue:
    return _flag(queries.load_flag(signed_in(), id), AcknowledgementForm())


def _flag(flag: Flag, form: AcknowledgementForm, *, status: int = 200) -> ResponseReturnValue:
    ours = next((each for each in flag.acknowledgements if each.office_id == signed_in().office_id), None)
    page = render_template(
        "licensing/flag.html", flag=flag, form=form, levels=LEVELS, ours=ours, region_name=answers.region_name,
        events=queries.history_of(flag),
    )  # fmt: skip
    return page, status


@blueprint.post("/flags/<int:id>/acknowledgement")
def acknowledge(id: int) -> ResponseReturnValue:
    flag = queries.load_flag(signed_in(), id, action="flag.acknowledge", for_update=True)
    form = AcknowledgementForm()
    try:
        commands.acknowledge_flag(flag, by=signed_in(), note=form.note.data)
    except Invalid as refusal:
        form.refuse(refusal)
        return _flag(flag, form, status=422)
    flash(_("Dicatat: kantor Anda sudah membaca catatan ini."))
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
    if form.is_submitted():
        expect_version(case, form.seen_version)
    if form.validate_on_submit():
        try:
            number, day = form.letter_number.data or "", form.letter_on.data
            made = commands.record_sanction(case, by=signed_in(), letter_number=number, letter_on=day)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("Permintaan TMP2T dicatat. Kantor perizinan segera diberi tahu."))
            return redirect(url_for(".flag", id=made.id), 303)
    return render_template(
        "licensing/sanction.html", case=case, form=form
    ), 422 if form.is_submitted() else 200


def _after() -> int | None:
    """The key after which the list goes on, if it can be one."""
    key = request.args.get("after", "")
    return int(key) if key.isascii() and key.isdigit() and int(key) <= LARGEST_ID else None
