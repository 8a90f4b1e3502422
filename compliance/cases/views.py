"""Pages of the cases: the list, one case, its history, and its steps as pages that say what will happen.

A step goes through its command. One that the state refuses is a page that explains, never a dead button.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from flask import Blueprint, Response, request, url_for
from sqlalchemy import Select
from sqlalchemy.orm import lazyload, selectinload

from compliance.cases.catalogue.penalties import SANCTIONS
from compliance.cases.commands import nota as commands
from compliance.cases.commands.ending import reopen_case, withdraw_case
from compliance.cases.commands.visits import undo_refusal
from compliance.cases.exports import columns_of_cases
from compliance.cases.forms import FilterForm, ReasonForm, ReceiptForm
from compliance.cases.listing import (
    BY_DUE,
    BY_VISIT,
    LATEST_DUE_FIRST,
    VIEWS,
    Filter,
    Listing,
    case_keyset,
    first_with_rows,
    flag_words,
    view_asked,
    views_for,
)
from compliance.cases.models import NOT_MET_REASONS, OUTCOMES, Case, Visit
from compliance.cases.next_action import (
    STEPS,
    next_action,
    refusal_of,
    stages,
)
from compliance.cases.nota.forms import further_facts
from compliance.cases.panels import CASE_FACTS, RECEIPT_SCAN, status_looks, ways_to_sign
from compliance.cases.queries import (
    LICENSING_HEARS,
    expect_version,
    latest_events,
    load_case,
    questions_in,
    questions_on,
    timeline,
)
from compliance.cases.rules import CONCERNED, recheck_due
from compliance.cases.workflow import AWAITING, CHART, RESOLVED
from compliance.core.calendar import load_calendar
from compliance.core.errors import Refusal, Stale
from compliance.core.events import Event
from compliance.core.lists import COUNTED
from compliance.core.text import Text, say
from compliance.evidence.models import EVIDENCE_CLASSES, SUBJECT_NAMES
from compliance.evidence.queries import evidence_of
from compliance.evidence.uploads import ScanForm, no_files, receive_files
from compliance.files.commands import ReceivedFile
from compliance.files.rules import LARGEST_UPLOAD
from compliance.office.queries import licensing_offices
from compliance.office.settings import office_settings, served_province, today
from compliance.people.models import User
from compliance.people.queries import inspectors
from compliance.people.readings.commands import note_reading
from compliance.people.saved_views.queries import ShownView
from compliance.people.saved_views.views import saved_views
from compliance.people.sessions import signed_in
from compliance.policy import require, scope
from compliance.reference.programmes import PROGRAMMES
from compliance.web.answering import done, refusals_on, show
from compliance.web.exports import csv_file
from compliance.web.formatting import render_text, written
from compliance.web.forms import Form, recent_days
from compliance.web.pages import keyset, order_of, page_size
from compliance.web.uploads import takes_file

blueprint = Blueprint("cases", __name__)
blueprint.context_processor(status_looks)
EVENTS_SHOWN = 5
VISITS = selectinload(Case.visits).joinedload(Visit.by).options(lazyload(User.office))


@blueprint.get("/cases")
def index() -> Response:
    """The cases one may see: built-in and named views with their counts, filters, one page at a time."""
    by, form, saved = signed_in(), FilterForm(formdata=request.args), saved_views("cases")
    form.offer(_inspectors_to_choose(by))
    listing = Listing(by, form.filter(), today=today())
    counts = listing.counts(views_for(by), _countable(by, form, saved))
    view = view_asked(by, listing.wanted, request.args) or first_with_rows(by, counts)
    sorts, total, size = listing.sorts(view, total=counts[view]), counts[view], page_size()
    order = order_of(sorts.values(), otherwise=_usual_order(view))
    after = request.args.get("after")
    rows = listing.rows(view, order=order, after=after, limit=size + 1, total=total)
    page = keyset(rows, size=size, cursor=case_keyset(order).cursor)
    return show(
        "cases/index.html",
        form,
        200,
        page=page,
        view=view,
        views=[(name, VIEWS[name], counts[name]) for name in views_for(by)],
        total=total,
        most=COUNTED,
        too_many=listing.too_many,
        applied=_applied(form, listing.wanted),
        sorts=sorts,
        order=order,
        saved=saved,
        counts=counts,
        levels=flag_words(),
        awaiting=AWAITING,
        today=today(),
        next_due=None if page.rows else listing.next_due(),
        one_region=by.region_code in served_province().region_names,
        scope_is_own=scope(by, "case.read") == "own",
    )


@blueprint.get("/cases.csv")
def file() -> Response:
    """The same list as a file, all of it."""
    by, form = signed_in(), FilterForm(formdata=request.args)
    require(by, "list.export")
    form.offer(_inspectors_to_choose(by))
    listing = Listing(by, form.filter(), today=today())
    counts = listing.counts(views_for(by))
    view = view_asked(by, listing.wanted, request.args) or first_with_rows(by, counts)
    total = counts[view]
    order = order_of(listing.sorts(view, total=total).values(), otherwise=_usual_order(view))
    name = say("{id}", id="kasus", en="cases")
    note_reading("export", "cases.csv", page="", by=signed_in())
    return csv_file(name, today(), columns_of_cases(today()), listing.for_file(view, order=order))


def _inspectors_to_choose(by: User) -> list[User]:
    return list(inspectors()) if scope(by, "case.read") == "all" else []


def _usual_order(view: str) -> str:
    if view == "revisit":
        return BY_VISIT.rising
    return BY_DUE.falling if view in LATEST_DUE_FIRST else BY_DUE.rising


def _countable(
    by: User, form: FilterForm, saved: Sequence[ShownView]
) -> dict[str | int, Select[Any]]:
    """The named views that are counted together with the built-in ones. A view with a search or a
    sector is not: it would need a statement of its own. Nor is one that leaves the view open.
    """
    queries: dict[str | int, Select[Any]] = {}
    for shown in saved:
        kept = FilterForm(formdata=shown.asked)
        kept.choose_as(form)
        wanted = kept.filter()
        view = view_asked(by, wanted, shown.asked)
        if view and not (wanted.q or wanted.sector):
            queries[shown.id] = Listing(by, wanted, today=today()).to_count(view)
    return queries


def _applied(form: FilterForm, wanted: Filter) -> list[tuple[str, str]]:
    """The filters in force: their parameters, and what they say."""
    applied = [("q", f"“{wanted.q}”")] if wanted.q else []
    for name, value in (
        ("status", wanted.status),
        ("region", wanted.region),
        ("inspector", wanted.inspector_id),
        ("sector", wanted.sector),
    ):
        if value is not None:
            applied.append((name, written(form.offered[name][str(value)])))
    days = {"day": wanted.due_from or wanted.due_to, "last": wanted.due_to}
    if wanted.due_from and wanted.due_to:
        applied.append(
            ("due_from due_to", render_text(say("jatuh tempo {day} sampai {last}", **days)))
        )
    elif wanted.due_from:
        applied.append(("due_from due_to", render_text(say("jatuh tempo sejak {day}", **days))))
    elif wanted.due_to:
        applied.append(("due_from due_to", render_text(say("jatuh tempo sampai {day}", **days))))
    return applied


@blueprint.get("/cases/<number>", endpoint="show")
def case_page(number: str) -> Response:
    """One case. A licensing officer gets what a counter may know, and nothing else of it is read."""
    by = signed_in()
    in_full = scope(by, "case.findings") is not None
    case = load_case(by, number=number, also=(VISITS,) if in_full else ())
    note_reading("case", f"case:{case.id}", page=request.path, by=by)
    shown = shown_beside(case)
    if in_full:
        shown["events"], names, talk = latest_events(case, limit=EVENTS_SHOWN)
        known = {office.name: office for office in licensing_offices(case.region_code)}
        shown["offices"] = [(name, known.get(name)) for name in names]
        shown["questions"] = questions_in(talk, by)
        shown["evidence"] = evidence_of(by, case)
        shown["evidence_classes"], shown["subject_names"] = EVIDENCE_CLASSES, SUBJECT_NAMES
    else:
        shown["events"] = timeline(case, kinds=LICENSING_HEARS)
        shown["questions"] = questions_on([case.id], by)
    return show(
        "cases/case.html" if in_full else "cases/for_licensing.html",
        case=case,
        nota=case.nota,
        today=today(),
        next=next_action(case, by=by, today=today()),
        stages=stages(case, today=today()),
        missing=_programmes_missing(case),
        programmes=PROGRAMMES,
        outcomes=OUTCOMES,
        not_met_reasons=NOT_MET_REASONS,
        sanctions=SANCTIONS,
        settings=office_settings(),
        further_facts=further_facts,
        can_undo=in_full and undo_refusal(case, by=by) is None,
        **shown,
    )


def shown_beside(case: Case) -> dict[str, Any]:
    return {name: value for facts in CASE_FACTS for name, value in facts(case).items()}


def _programmes_missing(case: Case) -> list[str]:
    """The programmes that the findings still open are about, in the order of the law."""
    named = [
        finding.programmes or CONCERNED.get(finding.violation.code, ())
        for finding in case.open_findings
    ]
    return [code for code in PROGRAMMES if any(code in codes for codes in named)]


@blueprint.get("/cases/<number>/history")
def history(number: str) -> Response:
    """Everything that happened, newest first."""
    case = load_case(signed_in(), number=number, action="case.history")
    return show("cases/history.html", case=case, events=timeline(case))


@blueprint.route("/cases/<number>/receipt", methods=["GET", "POST"])
@takes_file(largest=LARGEST_UPLOAD)
def receipt(number: str) -> Response:
    """Who received the nota, and when. The scan of the receipt may come with the form."""
    form = ReceiptForm(data={"received_on": today()})
    case, scan = case_with_scan("receipt", number, form)

    def act() -> Text:
        moved = commands.record_receipt(
            case,
            by=signed_in(),
            received_on=form.received_on.data,
            received_by=form.received_by.data or "",
        )
        keep_scan(case, kind="I", scan=scan)
        days = [finding.deadline_on for finding in case.findings if finding.deadline_on]
        if not days:
            return say("Tanda terima dicatat.")
        deadline = min(days)
        if not moved:
            return say(
                "Tanda terima dicatat. Batas waktu temuan {day}; tanggal cek ulang tetap.",
                day=deadline,
            )
        return say(
            "Tanda terima dicatat. Batas waktu temuan {day}; cek ulang bergeser dari {before} ke"
            " {after}.",
            day=deadline,
            before=moved[0][1],
            after=moved[0][2],
        )

    return step_page(
        "receipt",
        case,
        form,
        act,
        settings=office_settings(),
        days=recent_days(today()),
        largest=LARGEST_UPLOAD,
        unsigned=partial(ways_to_sign, case, "I"),
    )


def case_with_scan(name: str, number: str, form: ScanForm) -> tuple[Case, ReceivedFile | None]:
    """The case for a step with whose form a scan may come, and the scan: it is looked at before any lock."""
    received = no_files()
    if form.is_submitted():
        load_case(signed_in(), number=number, action=CHART.steps[STEPS[name][0]].by)
        received = receive_files(form, signed_in())
    return case_for_step(name, number), received.get("scan")


def keep_scan(case: Case, *, kind: str, scan: ReceivedFile | None) -> None:
    """Hand the scan of a nota's receipt, if one came, to the room that keeps it."""
    for keep in RECEIPT_SCAN if scan is not None else ():
        keep(case, by=signed_in(), kind=kind, scan=scan)


@blueprint.route("/cases/<number>/withdraw", methods=["GET", "POST"])
def withdraw(number: str) -> Response:
    """Take the nota back."""
    case, form = case_for_step("withdraw", number), ReasonForm()
    offices = ", ".join(office.name for office in licensing_offices(case.region_code))

    def act() -> Text:
        withdraw_case(case, by=signed_in(), reason=form.reason.data or "")
        return say("Nota ditarik dan kasus ditutup. {offices} diberi tahu.", offices=offices)

    return step_page("withdraw", case, form, act, offices=offices)


@blueprint.route("/cases/<number>/reopen", methods=["GET", "POST"])
def reopen(number: str) -> Response:
    """Open a closed case again."""
    case, form = case_for_step("reopen", number), ReasonForm()
    months = office_settings().recheck_months
    fresh = recheck_due(
        today(), anchor="reopened", months=months, calendar=load_calendar()
    ).effective_on

    def act() -> Text:
        reopen_case(case, by=signed_in(), reason=form.reason.data or "")
        return say("Kasus dibuka kembali. Cek ulang jatuh tempo {day}.", day=case.effective_on)

    return step_page(
        "reopen", case, form, act, due_on=fresh if case.status == RESOLVED else case.effective_on
    )


def case_for_step(name: str, number: str) -> Case:
    """The case, for a reader who may make this step."""
    action = CHART.steps[STEPS[name][0]].by
    return load_case(signed_in(), number=number, action=action, for_update=request.method == "POST")


def step_page(
    name: str,
    case: Case,
    form: Form,
    act: Callable[[], Text],
    *,
    then: Callable[[], str | None] = lambda: None,
    **shown: Any,
) -> Response:
    """The page of a step: a GET shows what will happen; a POST makes it happen, and the page that comes next
    says that it did: that of `then`, else the case's.

    A form opened before another person's change is shown again, with the changes and what was typed.
    """
    changes, refusal = _changes_since(case, form), refusal_of(case, name, today=today())
    if refusal is not None:
        onward = next_action(case, by=signed_in(), today=today())
        return show(
            "cases/refused.html",
            status=409,
            case=case,
            reason=refusal,
            changes=changes,
            next=onward,
        )
    if changes is None and form.validate_on_submit():
        with refusals_on(form, Refusal):
            sentence = act()
            return done(sentence, then() or url_for("cases.show", number=case.number))
    status = (
        200 if not form.is_submitted() else 412 if changes is not None else form.refused_with or 422
    )
    form.version.data = str(case.version)
    return show(
        f"cases/{name}.html",
        form,
        status,
        case=case,
        nota=case.nota,
        changes=changes,
        today=today(),
        **shown,
    )


def _changes_since(case: Case, form: Form) -> Sequence[Event] | None:
    """What others did to the case since the form was opened; None when nothing was done."""
    try:
        expect_version(case, form.seen_version if form.is_submitted() else None)
    except Stale as stale:
        return stale.changes
    return None
