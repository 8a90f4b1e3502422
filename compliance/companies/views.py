"""Pages of the registry: search and list, a company's page, register, edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for

from compliance.companies import identity, queries
from compliance.companies.circumstances.queries import circumstances_of
from compliance.companies.circumstances.rules import circumstance_line
from compliance.companies.commands import change_company, refuse_taken, register_company
from compliance.companies.exports import COMPANY_COLUMNS
from compliance.companies.forms import ChangeForm, CompanyForm
from compliance.companies.identity import NUMBERS
from compliance.companies.models import Company
from compliance.companies.names import remarks_on_name
from compliance.companies.panels import (
    COMPANY_ACTS,
    COMPANY_LIST_LINKS,
    COMPANY_LOADING,
    COMPANY_PANELS,
    GOES_ON,
    tag_of_all,
    tags_of,
)
from compliance.companies.queries import BY_NAME, Narrowed
from compliance.companies.rules import SCALES, CompanyFacts, checked_facts, remarks_on_numbers
from compliance.companies.search.queries import Alike, alike_to, facts_in
from compliance.companies.search.rules import ASK_FROM
from compliance.companies.workplaces.queries import workplaces_of
from compliance.core.db import db
from compliance.core.errors import Invalid, Taken
from compliance.core.lists import COUNTED
from compliance.core.text import Text, say
from compliance.office.settings import served_province, today
from compliance.people.readings.commands import note_reading
from compliance.people.saved_views.views import saved_views
from compliance.people.sessions import signed_in
from compliance.policy import Actor, may, require
from compliance.reference.kbli import SECTORS
from compliance.reference.regions import region_name
from compliance.web.answering import done, go, show, tell
from compliance.web.exports import csv_file
from compliance.web.formatting import render_text
from compliance.web.pages import PageLink, keyset, order_of, own_page, page_size

blueprint = Blueprint("companies", __name__)
blueprint.add_app_template_global(tag_of_all)
blueprint.add_app_template_global(circumstance_line)
MOST_FOUND = 25
THIS = 0
"""What the list on the page is counted as, beside the named views with their ids."""
LONGEST_QUERY = 200


@blueprint.context_processor
def registry_context() -> dict[str, object]:
    return {
        "scales": SCALES,
        "shown": identity.SHOWN,
        "numbers": NUMBERS,
        "core": identity.npwp_core,
    }


@blueprint.app_template_filter("shown")
def shown_number(number: str, kind: str) -> str:
    """A stored NIB, NPWP or NPP the way people write it."""
    return identity.SHOWN[kind](number)


@blueprint.app_template_filter("amiss")
def why_no_number(typed: str | None) -> Text | str:
    """Why what was searched for is nobody's number, for a list in which nothing was found; else "" """
    reading = identity.read_number(typed)
    amiss = reading.problem if reading.is_filler or reading.is_mistyped else None
    return amiss or ""


@blueprint.get("/companies")
def index() -> Response:
    """Search in the address; without one, all companies by name, of a regency or a sector if it says so."""
    by, typed, saved = signed_in(), _typed(), saved_views("companies")
    require(by, "company.read")
    if typed:
        return _search_results(typed)
    wanted, size = _narrowed(request.args), page_size()
    order = order_of([BY_NAME], otherwise=BY_NAME.rising)
    asked = {THIS: wanted} | {
        view.id: _narrowed(view.asked) for view in saved if "q" not in view.asked
    }
    counts = queries.count_companies(asked, most=COUNTED)
    rows = queries.companies_by_name(
        wanted,
        falling=order == BY_NAME.falling,
        few=bool(wanted.sector) and counts[THIS] <= COUNTED,
        after=request.args.get("after"),
        limit=size + 1,
    )
    page = keyset(rows, size=size, cursor=queries.by_name().cursor)
    return show(
        "companies/index.html",
        page=page,
        total=counts[THIS],
        most=COUNTED,
        tags=tags_of(by, page.rows),
        wanted=wanted,
        applied=_applied(wanted),
        order=order,
        by_name=BY_NAME,
        saved=saved,
        sectors=SECTORS,
        counts=counts,
        links=_links(by),
    )


def _links(by: Actor) -> list[tuple[PageLink, int | None]]:
    """What other rooms offer above the list, each with a count where it has one."""
    allowed = (link for link in COMPANY_LIST_LINKS if may(by, link.action))
    return [(link, link.count(by) if link.count else None) for link in allowed]


def _search_results(typed: str) -> Response:
    matches = queries.find_matches(typed, limit=MOST_FOUND + 1)
    companies = [match.company for match in matches[:MOST_FOUND]]
    return show(
        "companies/found.html",
        q=typed,
        matches=matches[:MOST_FOUND],
        more=len(matches) > MOST_FOUND,
        saved=saved_views("companies"),
        too_short=not matches and queries.is_too_short(typed),
        tags=tags_of(signed_in(), companies),
    )


@blueprint.get("/companies.csv")
def file() -> Response:
    """The same list as a file: the result of a search or of the filters, as far as it is the reader's own."""
    by, typed = signed_in(), _typed()
    require(by, "company.read")
    require(by, "list.export")
    ids = (
        [match.company.id for match in queries.find_matches(typed, limit=MOST_FOUND)]
        if typed
        else None
    )
    wanted = Narrowed() if typed else _narrowed(request.args)
    order = order_of([BY_NAME], otherwise=BY_NAME.rising)
    query = queries.companies_for_file(by, wanted, falling=order == BY_NAME.falling, ids=ids)
    note_reading("export", "companies.csv", page="", by=by)
    return csv_file(say("{id}", id="perusahaan", en="companies"), today(), COMPANY_COLUMNS, query)


def _typed() -> str:
    return request.args.get("q", "").strip()[:LONGEST_QUERY]


def _narrowed(args: Mapping[str, str]) -> Narrowed:
    """What an address narrows the list to; what makes no sense narrows nothing."""
    sector = args.get("sector")
    return Narrowed(
        served_province().known_regency(args.get("region")), sector if sector in SECTORS else None
    )


def _applied(wanted: Narrowed) -> list[tuple[str, str]]:
    """The filters in force: the parameters of each, and what it says."""
    applied = [("region", region_name(wanted.region))] if wanted.region else []
    return [*applied, ("sector", render_text(SECTORS[wanted.sector]))] if wanted.sector else applied


@blueprint.get("/companies/<int:id>", endpoint="show")
def profile(id: int) -> Response:
    """A company: its history of compliance first, then who it is. One that was merged leads to the one it is
    part of."""
    by = signed_in()
    company = queries.load_company(by, id, also=list(COMPANY_LOADING))
    if company.id != id:
        return _led_on(id, company)
    parts = [part(company, by) for part in COMPANY_PANELS]
    changes = queries.changes_of(company) if may(by, "company.write") else []
    return show(
        "companies/show.html",
        company=company,
        parts=[part for part in parts if part],
        changes=changes,
        acts=[act for act in COMPANY_ACTS if may(by, act.action)],
        doubts=_doubts(company),
        workplaces=workplaces_of(company),
        circumstances=circumstances_of(company),
    )


def _led_on(id: int, company: Company) -> Response:
    """Redirect to the company that the one with `id` is part of now, with a message."""
    former = db.session.get_one(Company, id)
    sentence = say(
        "{name} sudah digabungkan ke {other}. Ini halaman gabungannya.",
        name=former.name,
        other=company.name,
    )
    return done(sentence, "companies.show", id=company.id)


@blueprint.get("/companies/alike")
def alike() -> Response:
    """Known companies like the one that is being typed: a page, or only its cards for the form."""
    by = signed_in()
    require(by, "company.write")
    typed = {
        name: request.args.get(name, "").strip()[:LONGEST_QUERY]
        for name in ("name", "region_code", "phone", "address", *NUMBERS)
    }
    facts = facts_in(_typed(), **typed)
    look_alikes = alike_to(facts)
    template = "companies/_alike.html" if request.args.get("part") else "companies/alike_typed.html"
    return show(template, alike=look_alikes, facts=facts, back=_back)


@blueprint.route("/companies/new", methods=["GET", "POST"])
def new() -> Response:
    """Register a company, after a look at those that may be the same."""
    asked = {name: request.args.get(name, "")[:LONGEST_QUERY] for name in ("name", *NUMBERS)}
    by, form = signed_in(), CompanyForm(data=asked)
    require(by, "company.write")
    if not form.validate_on_submit() or request.form.get("choice") == "edit":
        return _form_page(form)
    try:
        facts = checked_facts(form.facts(), served_province())
        refuse_taken(facts)
        alike = alike_to(facts, least=ASK_FROM)
        if form.unseen([other.company for other in alike]):
            return _compared(form, facts, alike)
        company = register_company(facts, by=by)
    except (Invalid, Taken) as refusal:
        return _refused(form, refusal)
    tell(say("{name} sudah ditambahkan ke Patuh.", name=company.name))
    _tell_remarks(form, named=True)
    _caution(nib=facts.nib, npwp=facts.npwp, npp=facts.npp)
    return go(_onward(company, by) or "companies.show", id=company.id)


@blueprint.route("/companies/<int:id>/edit", methods=["GET", "POST"])
def edit(id: int) -> Response:
    """Change what is known of a company."""
    by = signed_in()
    company = queries.load_company(
        by, id, action="company.write", for_update=request.method == "POST"
    )
    if company.id != id:
        return _led_on(id, company)
    form = ChangeForm(company)
    if not form.validate_on_submit():
        return _form_page(form, company=company)
    queries.expect_company_version(company, form.seen_version)
    try:
        changes = change_company(company, form.facts(), by=by, renamed=form.renamed)
    except (Invalid, Taken) as refusal:
        return _refused(form, refusal, company=company)
    tell(say("Perubahan disimpan.") if changes else say("Tidak ada yang berubah."))
    _tell_remarks(form, named=bool({"name", "former_names"} & changes.keys()))
    _caution(**{kind: after for kind, (_before, after) in changes.items() if kind in NUMBERS})
    return go("companies.show", id=company.id)


def _form_page(
    form: CompanyForm, *, company: Company | None = None, owners: Sequence[Company] = ()
) -> Response:
    away = own_page(request.args.get("next")) or url_for("companies.index")
    return show("companies/form.html", form, company=company, owners=owners, back=_back, away=away)


def _compared(form: CompanyForm, facts: CompanyFacts, alike: Sequence[Alike]) -> Response:
    """What was typed beside the known companies that it may be; nothing was registered."""
    return show("companies/alike.html", form, 409, facts=facts, alike=alike, back=_back)


def _refused(
    form: CompanyForm, refusal: Invalid | Taken, *, company: Company | None = None
) -> Response:
    """The form again, with the reasons beside its fields and, for a taken number, whose it is."""
    form.refuse(refusal)
    owners = refusal.candidates if isinstance(refusal, Taken) else ()
    return _form_page(form, company=company, owners=owners)


def _tell_remarks(form: CompanyForm, *, named: bool) -> None:
    """Say what was stored otherwise than typed, or not at all; of the name only when it is a new one."""
    on_name = remarks_on_name(form.name.data or "") if named else []
    for remark in on_name + remarks_on_numbers(form.facts()):
        tell(remark, "caution")


def _caution(**numbers: str | None) -> None:
    """Say what is doubtful about numbers that were saved."""
    for doubt in identity.doubts(**numbers):
        tell(doubt, "caution")


def _doubts(company: Company) -> dict[str, list[Text]]:
    return {kind: identity.doubts(**{kind: getattr(company, kind)}) for kind in NUMBERS}


@blueprint.app_template_global()
def as_typed(asked: str) -> dict[str, str]:
    """What somebody searched for, as the fields of the form that registers a company begin with it."""
    reading = identity.read_number(asked)
    if reading.kind == "name":
        return {"name": asked[:LONGEST_QUERY]}
    fields: dict[str, str] = {each.kind: each.stored for each in reading.numbers[:1]}
    return {**fields, "name": reading.words} if reading.words else fields


def _onward(company: Company, by: Actor) -> str | None:
    """Where a company that was just registered was wanted: the next step there, or that page with the
    company; None when no page asked.
    """
    page = own_page(request.args.get("next"))
    steps = (goes_on(page, company, by) for goes_on in GOES_ON if page is not None)
    return next((step for step in steps if step), None) or _back(company)


def _back(company: Company) -> str | None:
    """The address of our page that asked for a company, with the company; None when no page asked."""
    target = own_page(request.args.get("next"))
    return (
        f"{target}{'&' if '?' in target else '?'}{urlencode({'company': company.id})}"
        if target
        else None
    )
