"""Pages of the compliance team: the overdue queue, and the one page that confirms an act on one or many cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from compliance.cases.models import Case
from compliance.cases.next_action import refusal_of
from compliance.core import clock
from compliance.core.errors import Invalid, NotFound, Refusal, Stale
from compliance.core.text import Text, say
from compliance.licensing.models import LEVELS
from compliance.oversight import queries
from compliance.oversight.commands import Outcome, on_each
from compliance.oversight.exports import columns_of_queue
from compliance.oversight.forms import (
    ACTS,
    REGIONS,
    ActForm,
    read_filters,
    read_ids,
    read_place,
    read_versions,
    write_place,
)
from compliance.oversight.queries import MARKS, MOST_AT_ONCE, Load
from compliance.oversight.rules import BUCKETS
from compliance.people.places import place
from compliance.people.sessions import signed_in
from compliance.people.settings import office_settings, today
from compliance.policy import require
from compliance.web.exports import csv_file
from compliance.web.pages import keyset, page_size
from compliance.web.words import render_text

blueprint = Blueprint("oversight", __name__)
MOST_NAMED = 10
"""How many cases left out a banner names; a session cookie holds no more."""


@blueprint.get("/queue")
def queue() -> str:
    """The overdue rechecks, the latest first, with what narrows them in the address."""
    by, filters, day, size = signed_in(), read_filters(request.args), today(), page_size()
    rows = queries.overdue_page(
        by, filters, day=day, after=read_place(request.args.get("after")), limit=size + 1
    )
    page = keyset(rows, size=size, key=write_place)
    return render_template(
        "oversight/queue.html", page=page, filters=filters, size=size, today=day, now=clock.now(),
        counts=queries.bucket_counts(by, filters, day=day), names=queries.queue_inspectors(by, day=day),
        loads=queries.inspector_loads(by, day=day) if request.args.get("load") else None,
        following=None if page.rows else queries.next_rechecks(by, day=day), norm=office_settings().inspector_norm_per_month,
        buckets={late: name for late, (_from, _to, name) in BUCKETS.items()}, regions=REGIONS, marks=MARKS, levels=LEVELS,
    )  # fmt: skip


@blueprint.get("/queue.csv")
def queue_file() -> Response:
    """The same list as a file, all of it."""
    by, filters, day = signed_in(), read_filters(request.args), today()
    require(by, "list.export")
    name = say("{id}", id="antrean", en="queue")
    return csv_file(name, day, columns_of_queue(day), queries.overdue_for_file(by, filters, day=day))


@blueprint.route("/queue/confirm", methods=["GET", "POST"])
def confirm() -> Response:
    """One act on the cases ticked in the queue, or on all of its list."""
    by, filters = signed_in(), read_filters(request.args)
    form, back = _form_of(request.args.get("act", "")), url_for("oversight.queue", **filters.asked)
    seen = read_versions(request.form.getlist("case"))
    if request.method == "POST":
        ids: Sequence[int] = list(seen)
    elif request.args.get("all"):
        ids = queries.filtered_ids(by, filters, day=today())
    else:
        ids = read_ids(request.args.getlist("case"))
    if len(seen) > MOST_AT_ONCE:
        raise Refusal(say("Paling banyak {count} kasus sekaligus.", count=MOST_AT_ONCE))
    cases = _cases(form, ids=ids[:MOST_AT_ONCE])
    if not cases:
        flash(render_text(say("Pilih minimal satu kasus.")), "error")
        return redirect(back)
    action = url_for("oversight.confirm", act=form.act, **filters.asked)
    return _confirm(form, cases, seen, back=back, action=action, cut=len(ids) > MOST_AT_ONCE)


@blueprint.route("/cases/<number>/<any(reassign, extend, remind, escalate):act>", methods=["GET", "POST"])
def one_case(number: str, act: str) -> Response:
    """The same page for one case."""
    form = _form_of(act)
    cases, seen = _cases(form, number=number), read_versions(request.form.getlist("case"))
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
    form: ActForm, cases: list[Case], seen: Mapping[int, int], *, back: str, action: str = "", number: str = "",
    cut: bool = False,
) -> Response:  # fmt: skip
    """A GET shows what will happen, or why nothing can; a POST does it case by case and names what was left out.

    When not one case could be done, the page comes back with the reasons and with what was typed.
    """
    reasons = {case.id: refusal_of(case, form.act, today=today()) for case in cases}
    able = [case for case in cases if reasons[case.id] is None]
    form.prepare(able)
    left_out, status = [], 200 if able else 409
    if request.method == "POST":
        status = 422
        try:
            if form.validate():
                outcome = on_each(cases, seen, partial(form.carry_out, by=signed_in()))
                if outcome.done:
                    _tell(form, outcome)
                    return redirect(back)
                left_out, status, seen = outcome.left_out, outcome.left_out[0][1].status, {}
        except Invalid as refusal:
            form.refuse(refusal)
    refused = {case.id for case, _refusal in left_out}
    page = render_template(
        "oversight/confirm.html", form=form, able=able, left_out=left_out, loads=_loads(form), back=back, action=action,
        unable=[(case, why) for case in cases if (why := reasons[case.id]) and case.id not in refused], number=number,
        versions={case.id: seen.get(case.id, case.version) for case in able}, alone=bool(number), cut=cut,
        holders=Counter(case.inspector_id for case in able), most=MOST_AT_ONCE, today=today(), place=place,
        late_holders=Counter(case.inspector_id for case in able if case.days_late(today())),
        norm=office_settings().inspector_norm_per_month,
    )  # fmt: skip
    return make_response(page, status)


def _loads(form: ActForm) -> list[Load]:
    """Everybody's load, the lightest first, where somebody is to be chosen."""
    if form.act != "reassign":
        return []
    loads = queries.inspector_loads(signed_in(), day=today())
    return sorted(loads, key=lambda load: (load.overdue.value, load.open.value, load.name))


def _tell(form: ActForm, outcome: Outcome) -> None:
    """A banner of what was done, and one that names what was left out and why."""
    flash(render_text(form.told(outcome.done)), "success")
    if outcome.left_out:
        named = [
            f"{case.number} ({render_text(_why(refusal))})" for case, refusal in outcome.left_out[:MOST_NAMED]
        ]
        if len(outcome.left_out) > MOST_NAMED:
            named.append(render_text(say("dan {count} kasus lain", count=len(outcome.left_out) - MOST_NAMED)))
        reason = say("{count} kasus tidak ikut: {which}", count=len(outcome.left_out), which="; ".join(named))
        flash(render_text(reason), "error")


def _why(refusal: Refusal) -> Text:
    if isinstance(refusal, Stale) and refusal.changes:
        return say("diubah {name} sesudah Anda membukanya", name=refusal.changes[-1].actor_name)
    return refusal.reason
