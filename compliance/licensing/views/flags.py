"""Pages of the flags: list, one flag, an office's answer, lifting it, a sanction that BPJS asks for."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, request

from compliance.cases.queries import expect_version, load_case, questions_on
from compliance.core.errors import Invalid
from compliance.core.lists import COUNTED
from compliance.core.text import say
from compliance.licensing import commands, queries
from compliance.licensing.exports import FLAG_COLUMNS
from compliance.licensing.forms import AcknowledgementForm, LiftForm, SanctionForm
from compliance.licensing.models import ANSWERS, LEVELS, Flag
from compliance.licensing.queries import BY_SINCE, FlagFilter
from compliance.licensing.rules import SERVICES
from compliance.licensing.views.blueprint import blueprint
from compliance.office.settings import today
from compliance.people.models import User
from compliance.people.saved_views.views import saved_views
from compliance.people.sessions import signed_in
from compliance.policy import lies_in, require
from compliance.reference.regions import REGION_NAMES
from compliance.web.answering import done, refusals_on, show
from compliance.web.exports import csv_file
from compliance.web.pages import keyset, order_of, page_size


@blueprint.get("/flags")
def flags() -> Response:
    """The flags in force or lifted, narrowed and sorted by what the address says."""
    by, size, saved = signed_in(), page_size(), saved_views("flags")
    wanted = _wanted(by, request.args)
    counts = queries.count_flags(by, wanted, {view.id: _wanted(by, view.asked) for view in saved})
    total = counts["lifted" if wanted.lifted else "active"]
    sorts = queries.flag_sorts(total=total)
    order = order_of(sorts.values(), otherwise=BY_SINCE.falling)
    rows = queries.flags_of(
        by, wanted, order=order, after=request.args.get("after"), limit=size + 1
    )
    page = keyset(rows, size=size, cursor=queries.flag_keyset(order).cursor)
    return show(
        "licensing/flags.html",
        page=page,
        wanted=wanted,
        counts=counts,
        counted=COUNTED,
        total=total,
        levels=LEVELS,
        regions=_regions(by),
        sorts=sorts,
        order=order,
        saved=saved,
        answers=ANSWERS,
    )


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
    return {
        code: name
        for code, name in REGION_NAMES.items()
        if everywhere or lies_in(code, by.region_code)
    }


def _wanted(by: User, args: Mapping[str, str]) -> FlagFilter:
    """The filter that an address asks for; what makes no sense filters nothing."""
    level, region = args.get("level"), args.get("region")
    return FlagFilter(
        lifted=args.get("state") == "lifted",
        level=level if level in LEVELS else None,
        region=region if region in _regions(by) else None,
        unread="unread" in args,
        office_id=by.office_id if by.role == "licensing" else None,
    )


@blueprint.get("/flags/<int:id>")
def flag(id: int) -> Response:
    return _flag(queries.load_flag(signed_in(), id), AcknowledgementForm())


def _flag(flag: Flag, form: AcknowledgementForm) -> Response:
    """A flag with its history, and the form in which the reader's office answers it."""
    by = signed_in()
    ours = next(
        (answer for answer in flag.acknowledgements if answer.office_id == by.office_id), None
    )
    return show(
        "licensing/flag.html",
        form,
        flag=flag,
        levels=LEVELS,
        ours=ours,
        events=queries.history_of(flag),
        answers=ANSWERS,
        services=SERVICES,
        questions=questions_on([flag.case_id], by),
    )


@blueprint.post("/flags/<int:id>/acknowledgement")
def acknowledge(id: int) -> Response:
    """What the reader's office makes of a flag."""
    flag = queries.load_flag(signed_in(), id, action="flag.acknowledge", for_update=True)
    form = AcknowledgementForm()
    with refusals_on(form):
        if not form.answer.data:
            raise Invalid({"answer": say("Pilih jawaban kantor Anda.")})
        commands.acknowledge_flag(
            flag, by=signed_in(), answer=form.answer.data, note=form.note.data
        )
        return done(say("Jawaban kantor Anda dicatat. Pengawas dapat membacanya."), ".flag", id=id)
    return _flag(flag, form)


@blueprint.route("/flags/<int:id>/lift", methods=["GET", "POST"])
def lift(id: int) -> Response:
    """Take a flag off, with the reason and what proves it."""
    flag = queries.load_flag(
        signed_in(), id, action="flag.lift", for_update=request.method == "POST"
    )
    form = LiftForm(data={"version": str(flag.case.version)})
    if form.is_submitted():
        expect_version(flag.case, form.seen_version)
    if form.validate_on_submit():
        with refusals_on(form):
            commands.lift_flag(
                flag, by=signed_in(), reason=form.reason.data or "", proof=form.proof.data or ""
            )
            return done(
                say("Catatan dicabut. Kantor perizinan segera diberi tahu."), ".flag", id=id
            )
    return show("licensing/lift.html", form, flag=flag, levels=LEVELS)


@blueprint.route("/cases/<path:number>/sanction", methods=["GET", "POST"])
def sanction(number: str) -> Response:
    """Pass on a TMP2T request of BPJS. The labour office does not impose it (PP 86/2013 art. 8)."""
    case = load_case(
        signed_in(), number=number, action="flag.sanction", for_update=request.method == "POST"
    )
    form = SanctionForm(data={"version": str(case.version)})
    form.offer()
    if form.is_submitted():
        expect_version(case, form.seen_version)
    if form.validate_on_submit():
        with refusals_on(form):
            made = commands.record_sanction(
                case,
                by=signed_in(),
                letter_number=form.letter_number.data or "",
                letter_on=form.letter_on.data,
                services=form.services.data or (),
            )
            return done(
                say("Permintaan TMP2T dicatat. Kantor perizinan segera diberi tahu."),
                ".flag",
                id=made.id,
            )
    return show("licensing/sanction.html", form, case=case)
