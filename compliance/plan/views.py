"""Pages of the inspection plan: who waits, begin a nota with one click, take a company off."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, request

from compliance.cases.forms import ReasonForm
from compliance.companies import identity
from compliance.companies.views import LONGEST_QUERY
from compliance.core.lists import COUNTED
from compliance.core.text import say
from compliance.office.settings import served_province, today
from compliance.people.readings.commands import note_reading
from compliance.people.sessions import signed_in
from compliance.plan.commands import drop_from_plan, start_from_plan
from compliance.plan.models import CATEGORIES, SHORT
from compliance.plan.queries import (
    LONGEST_WAITING_FIRST,
    PlanFilter,
    count_planned,
    load_plan_entry,
    planned,
    planned_for_file,
)
from compliance.policy import require
from compliance.reference.regions import region_name
from compliance.web.answering import done, go, show
from compliance.web.exports import Column, csv_file
from compliance.web.formatting import render_text
from compliance.web.pages import keyset, page_size

blueprint = Blueprint("plan", __name__)
PLAN_COLUMNS = [
    Column(say("{id}", id="Perusahaan", en="Company"), lambda row: row.company),
    Column(say("NIB"), lambda row: row.nib and identity.shown_nib(row.nib)),
    Column(say("NPWP"), lambda row: row.npwp and identity.shown_npwp(row.npwp)),
    Column(say("NPP"), lambda row: row.npp),
    Column(say("Kab/kota"), lambda row: region_name(row.region_code)),
    Column(say("Kategori"), lambda row: CATEGORIES[row.category]),
    Column(say("Sumber"), lambda row: row.source),
    Column(say("Tanggal daftar"), lambda row: row.listed_on),
    Column(say("Pekerja"), lambda row: row.workers_total),
    Column(say("Pekerja terdaftar"), lambda row: row.workers_registered),
    Column(say("Alamat"), lambda row: row.address),
]


@blueprint.app_context_processor
def beginnings() -> dict[str, object]:
    """What every page with the button "Buat nota" needs: a key, so that a click sent twice begins
    one draft.
    """
    return {"new_draft_key": uuid.uuid4}


@blueprint.get("/plan")
def index() -> Response:
    """The companies to be inspected, the longest waiting first."""
    by, wanted, size = signed_in(), _wanted(), page_size()
    require(by, "plan.read")
    rows = planned(wanted, after=request.args.get("after"), limit=size + 1)
    page = keyset(rows, size=size, cursor=LONGEST_WAITING_FIRST.cursor)
    return show(
        "plan/index.html",
        page=page,
        total=count_planned(wanted),
        most=COUNTED,
        wanted=wanted,
        applied=_applied(wanted),
        categories=CATEGORIES,
        short=SHORT,
    )


@blueprint.get("/plan.csv")
def file() -> Response:
    """The same list as a file."""
    rows = planned_for_file(signed_in(), _wanted())
    note_reading("export", "plan.csv", page="", by=signed_in())
    return csv_file(say("{id}", id="rencana", en="plan"), today(), PLAN_COLUMNS, rows)


@blueprint.post("/plan/<int:id>/start")
def start(id: int) -> Response:
    """Begin the nota; sent twice, it begins once."""
    by = signed_in()
    entry = load_plan_entry(by, id, action="case.draft", for_update=True)
    try:
        key = str(uuid.UUID(request.form.get("draft_key", "")))
    except ValueError:
        key = str(uuid.uuid4())
    case = start_from_plan(entry, by=by, draft_key=key)
    return go("notas.resume", draft_key=case.draft_key)


@blueprint.route("/plan/<int:id>/drop", methods=["GET", "POST"])
def drop(id: int) -> Response:
    """Take a company off the plan, with a reason."""
    by, form = signed_in(), ReasonForm()
    entry = load_plan_entry(by, id, action="plan.drop", for_update=request.method == "POST")
    if form.validate_on_submit():
        drop_from_plan(entry, by=by, reason=form.reason.data or "")
        return done(say("{name} dikeluarkan dari rencana.", name=entry.company.name), "plan.index")
    return show("plan/drop.html", form, entry=entry, short=SHORT)


def _wanted() -> PlanFilter:
    category = request.args.get("category")
    return PlanFilter(
        served_province().known_regency(request.args.get("region")),
        category if category in CATEGORIES else None,
        request.args.get("q", "").strip()[:LONGEST_QUERY],
    )


def _applied(wanted: PlanFilter) -> list[tuple[str, str]]:
    """The filters in force: the name of the parameter, and its value for people."""
    applied = [("q", f"“{wanted.q}”")] if wanted.q else []
    applied += [("region", region_name(wanted.region))] if wanted.region else []
    if wanted.category:
        applied.append(("category", render_text(CATEGORIES[wanted.category])))
    return applied
