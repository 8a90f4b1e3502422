"""Pages of the compliance team: the overdue queue, and the one page that confirms an act on one or
many cases.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from markupsafe import Markup

from compliance.cases.commands.team import Handover
from compliance.cases.models import OUTCOMES, Case
from compliance.cases.next_action import refusal_of
from compliance.cases.panels import status_looks
from compliance.cases.queries import expect_version, timeline
from compliance.core import clock
from compliance.core.errors import NotFound, Refusal, Stale
from compliance.core.events import Event
from compliance.core.text import Text, say
from compliance.licensing.queries import flags_for_page
from compliance.office.settings import office_settings, today
from compliance.people.readings.commands import note_reading
from compliance.people.sessions import signed_in
from compliance.policy import require
from compliance.team import queries
from compliance.team.commands import Outcome, on_each, undo_handover
from compliance.team.exports import columns_of_queue
from compliance.team.forms import (
    ACTS,
    ActForm,
    ReviewForm,
    read_filters,
    read_ids,
    read_versions,
)
from compliance.team.handovers import is_undone, load_handover, undoable
from compliance.team.loads import inspector_loads, queue_inspectors
from compliance.team.queries import MARKS, MOST_AT_ONCE, Filters
from compliance.team.rows import queue_rows
from compliance.team.rules import BUCKETS, tried
from compliance.web.answering import go, refusals_on, show, tell
from compliance.web.exports import csv_file
from compliance.web.formatting import render_text
from compliance.web.pages import keyset, own_page, page_size
from compliance.web.requests import typed

blueprint = Blueprint("team", __name__)
LeftOut = list[tuple[Case, Refusal]]
LATEST_EVENTS, MOST_EVENTS = 5, 50
MOST_NAMED = 10
"""How many cases left out a banner names; a session cookie holds no more."""


@blueprint.get("/queue")
def queue() -> Response:
    """The overdue rechecks, the latest first, with what narrows them in the address."""
    by, filters, day, size = signed_in(), read_filters(request.args), today(), page_size()
    rows = queries.overdue_page(
        by, filters, day=day, after=request.args.get("after"), limit=size + 1
    )
    page = keyset(rows, size=size, cursor=queries.LATEST_FIRST.cursor)
    shown = queue_rows(page.rows, today=day)
    return show(
        "team/queue.html",
        page=page,
        rows=shown,
        filters=filters,
        now=clock.now(),
        undoable=undoable(by),
        review=url_for("team.review", **filters.asked, at=""),
        counts=queries.bucket_counts(by, filters, day=day),
        names=queue_inspectors(by, day=day),
        loads=inspector_loads(by, day=day) if request.args.get("load") else None,
        following=None if page.rows else queries.next_rechecks(by, day=day),
        norm=office_settings().inspector_norm_per_month,
        buckets={late: name for late, (_from, _to, name) in BUCKETS.items()},
        marks=MARKS,
    )


@blueprint.get("/queue.csv")
def queue_file() -> Response:
    """The same list as a file, all of it."""
    by, filters, day = signed_in(), read_filters(request.args), today()
    require(by, "list.export")
    note_reading("export", "queue.csv", page="", by=by)
    name = say("{id}", id="antrean", en="queue")
    return csv_file(
        name, day, columns_of_queue(day), queries.overdue_for_file(by, filters, day=day)
    )


@blueprint.route("/queue/confirm", methods=["GET", "POST"])
def confirm() -> Response:
    """One act on the cases ticked in the queue, or on all of its list."""
    filters, seen = read_filters(request.args), read_versions(typed().getlist("case"))
    form, back = _form_of(request.args.get("act", "")), url_for("team.queue", **filters.asked)
    if len(seen) > MOST_AT_ONCE:
        raise Refusal(say("Paling banyak {count} kasus sekaligus.", count=MOST_AT_ONCE))
    ids = _ids_to_confirm(filters, seen)
    cases = _cases(form, ids=ids[:MOST_AT_ONCE])
    if not cases:
        tell(say("Pilih minimal satu kasus."), "error")
        return go(back)
    action = url_for("team.confirm", act=form.act, **filters.asked)
    return _confirm(form, cases, seen, back=back, action=action, cut=len(ids) > MOST_AT_ONCE)


def _ids_to_confirm(filters: Filters, seen: Mapping[int, int]) -> Sequence[int]:
    """The cases that the confirm page showed, or those of the whole list, or those ticked in it."""
    if request.method == "POST" or seen:
        return list(seen)
    if request.args.get("all"):
        return queries.filtered_ids(signed_in(), filters, day=today())
    return read_ids(request.args.getlist("case"))


@blueprint.route(
    "/cases/<number>/<any(reassign, extend, remind, escalate):act>", methods=["GET", "POST"]
)
def one_case(number: str, act: str) -> Response:
    """The same page for one case."""
    form = _form_of(act)
    cases, seen = _cases(form, number=number), read_versions(typed().getlist("case"))
    return _confirm(form, cases, seen, back=url_for("cases.show", number=number), number=number)


def _form_of(act: str) -> ActForm:
    if act not in ACTS:
        raise NotFound()
    return ACTS[act]()


def _cases(form: ActForm, *, ids: Sequence[int] = (), number: str | None = None) -> list[Case]:
    writes = request.method == "POST"
    return queries.load_cases(
        signed_in(), action=f"case.{form.act}", ids=ids, number=number, for_update=writes
    )


def _confirm(
    form: ActForm,
    cases: list[Case],
    seen: Mapping[int, int],
    *,
    back: str,
    action: str = "",
    number: str = "",
    cut: bool = False,
) -> Response:
    """A GET shows what will happen, or why nothing can; a POST does it case by case and names what
    was left out.

    When not one case could be done, the page comes back with the reasons and with what was typed.
    """
    reasons = {case.id: refusal_of(case, form.act, today=today()) for case in cases}
    able = [case for case in cases if reasons[case.id] is None]
    form.prepare(able)
    left_out: LeftOut = []
    if form.validate_on_submit():
        with refusals_on(form):
            outcome = on_each(cases, seen, partial(form.carry_out, by=signed_in()))
            if outcome.done:
                return _done(form.result(outcome.done), outcome, handover=form.handover, back=back)
            left_out, seen = outcome.left_out, {}
    refused = {case.id for case, _refusal in left_out}
    return show(
        "team/confirm.html",
        form,
        _status_of(form, able, left_out),
        able=able,
        left_out=left_out,
        back=back,
        action=action,
        unable=[
            (case, why) for case in cases if (why := reasons[case.id]) and case.id not in refused
        ],
        number=number,
        versions={case.id: seen.get(case.id, case.version) for case in able},
        alone=bool(number),
        cut=cut,
        holders=Counter(case.inspector_id for case in able),
        most=MOST_AT_ONCE,
        today=today(),
        late_holders=Counter(case.inspector_id for case in able if case.days_late(today())),
        norm=office_settings().inspector_norm_per_month,
    )


def _status_of(form: ActForm, able: list[Case], left_out: LeftOut) -> int:
    """The status of a confirm page: why the act was not done, or whether it can be."""
    if left_out:
        return left_out[0][1].status
    if form.is_submitted():
        return 422
    return 200 if able else 409


@blueprint.get("/queue/review")
def review() -> Response:
    """The cases of the filtered list one by one, the latest first: read, act, go on to the next."""
    by, filters, day = signed_in(), read_filters(request.args), today()
    at = queries.LATEST_FIRST.read(request.args.get("at"))
    case = queries.under_review(by, filters, day=day, after=request.args.get("after"), at=at)
    gone = at is not None and case is not None and case.id != at[-1]
    return _review_page(case, filters, ReviewForm(case) if case else None, gone=gone)


@blueprint.post("/queue/review")
def act_under_review() -> Response:
    """Do the act that was chosen to the case that was shown, and go on to what now follows it."""
    by, filters = signed_in(), read_filters(request.args)
    seen = read_versions(request.form.getlist("case"))
    cases = queries.load_cases(by, action="queue.read", ids=list(seen)[:1], for_update=True)
    if not cases:
        raise NotFound()
    case, form = cases[0], ReviewForm(cases[0])
    chosen = form.chosen
    onward = _address_after(case, filters)  # written before the act moves the case
    if not (form.validate() and chosen and chosen.validate()):
        return _review_page(case, filters, form, status=422)
    try:
        expect_version(case, seen[case.id])
        chosen.carry_out(case, by=by)
    except Stale as stale:
        return _review_page(case, filters, form, changes=stale.changes, status=stale.status)
    except Refusal as refusal:
        chosen.refuse(refusal)
        return _review_page(case, filters, form, status=refusal.status)
    sentence = say(
        "{company}, {number}: {result}",
        company=case.company.name,
        number=case.number,
        result=chosen.result([case]),
    )
    return _done(sentence, Outcome([case]), handover=chosen.handover, back=onward)


def _address_after(case: Case, filters: Filters) -> str:
    """The review of the case that follows this one."""
    return url_for("team.review", **filters.asked, after=queries.LATEST_FIRST.cursor(case))


def _review_page(
    case: Case | None,
    filters: Filters,
    form: ReviewForm | None,
    *,
    gone: bool = False,
    changes: Sequence[Event] | None = None,
    status: int = 200,
) -> Response:
    """A case as far as it must be known to decide what to do about it; without one, the end of the list."""
    by, day, back = signed_in(), today(), url_for("team.queue", **filters.asked)
    if case is None or form is None:
        left = queries.bucket_counts(by, filters, day=day)[filters.late]
        return show("team/reviewed.html", left=left, filters=filters, back=back)
    events, zone = timeline(case, limit=MOST_EVENTS), office_settings().zone
    number, total = queries.place_of(by, filters, case, day=day)
    return show(
        "team/review.html",
        form,
        status,
        case=case,
        nota=case.nota,
        changes=changes,
        gone=gone,
        back=back,
        number=number,
        total=total,
        filters=filters,
        skip=_address_after(case, filters),
        events=events[:LATEST_EVENTS],
        tried=tried((event.kind, clock.day_of(event.at, zone)) for event in events),
        today=day,
        **status_looks(),
        outcomes=OUTCOMES,
        norm=office_settings().inspector_norm_per_month,
        **flags_for_page(case),
    )


@blueprint.route("/queue/handovers/<uuid:key>", methods=["GET", "POST"])
def handover(key: UUID) -> Response:
    """One act of reassigning: what it did and until when it can be undone. A POST undoes it."""
    by, made, writes = signed_in(), load_handover(signed_in(), str(key)), request.method == "POST"
    cases = queries.load_cases(by, action="case.reassign", ids=made.versions, for_update=writes)
    back = own_page(request.form.get("next")) or url_for("team.queue")
    if not writes:
        return _handover_page(made, cases, back=back)
    try:
        outcome = undo_handover(made, cases, by=by)
    except Refusal as refusal:
        return _handover_page(made, cases, back=back, reason=refusal.reason, status=refusal.status)
    if outcome.left_out and not outcome.done:
        reason = say("Semua kasusnya sudah berubah sejak dialihkan. Tidak ada yang dikembalikan.")
        return _handover_page(
            made, cases, back=back, reason=reason, left_out=outcome.left_out, status=412
        )
    sentence = say("Pengalihan ini sudah diurungkan.")
    if outcome.done:
        names = ", ".join(sorted({case.inspector.name for case in outcome.done}))
        sentence = say(
            "Pengalihan diurungkan: {count} kasus kembali ke {names}.",
            count=len(outcome.done),
            names=names,
        )
    return _done(sentence, outcome, back=back)


def _handover_page(
    made: Handover,
    cases: list[Case],
    *,
    back: str,
    reason: Text | None = None,
    left_out: LeftOut | None = None,
    status: int = 200,
) -> Response:
    return show(
        "team/handover.html",
        status=status,
        handover=made,
        cases=cases,
        reason=reason,
        left_out=left_out or [],
        back=back,
        undone=is_undone(made),
        over=clock.now() > made.until,
        today=today(),
    )


def _done(sentence: Text, outcome: Outcome, *, handover: str | None = None, back: str) -> Response:
    """Go back, and say what was done, with a button that undoes it, and what was left out and why."""
    tell(Markup(render_template("team/done.html", result=sentence, handover=handover, back=back)))
    if outcome.left_out:
        named = [
            f"{case.number} ({render_text(_why(refusal))})"
            for case, refusal in outcome.left_out[:MOST_NAMED]
        ]
        if len(outcome.left_out) > MOST_NAMED:
            named.append(
                render_text(say("dan {count} kasus lain", count=len(outcome.left_out) - MOST_NAMED))
            )
        left = say(
            "{count} kasus tidak ikut: {which}", count=len(outcome.left_out), which="; ".join(named)
        )
        tell(left, "error")
    return go(back)


def _why(refusal: Refusal) -> Text:
    if isinstance(refusal, Stale) and refusal.changes:
        return say("sudah diubah {name}", name=refusal.changes[-1].actor_name)
    return refusal.reason
