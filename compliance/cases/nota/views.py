"""Pages of an inspector's day: the field, the drafts, and the nota form, one thing per page.

Every "Lanjut" saves the draft on the server. A form that is sent twice does its work once.
"""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, abort, request, url_for

from compliance.cases.approvals.queries import last_sent_back, own_submissions
from compliance.cases.commands.approvals import issue_or_submit
from compliance.cases.commands.drafts import discard_draft, save_draft, start_draft
from compliance.cases.commands.nota import needs_approval
from compliance.cases.models import Case
from compliance.cases.nota.draft import Draft, Problem, followed_findings
from compliance.cases.nota.forms import (
    FINDING_FIELDS,
    LABELS,
    NOTA_STEPS,
    differences,
    further_facts,
)
from compliance.cases.nota.queries import (
    CompanyChoice,
    choices_among,
    issued_from,
    load_draft,
    rechecks_of,
)
from compliance.cases.panels import (
    FIELD_PANELS,
    NOTA_DONE_LINKS,
    NOTA_PREVIEW,
    NOTA_START_PANELS,
    nota_parts,
)
from compliance.cases.queries import drafts_of, expect_version
from compliance.cases.second_nota.queries import lapsed_cases_of
from compliance.cases.workflow import DRAFT
from compliance.companies.commands import change_company, facts_of
from compliance.companies.names import LONGEST_NAME
from compliance.companies.queries import find_companies, load_company
from compliance.companies.rules import SCALES
from compliance.companies.search.queries import Alike, alike_to, facts_in
from compliance.companies.workplaces.queries import workplaces_of
from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Invalid, NotFound, Taken
from compliance.core.keyset import read_id
from compliance.core.text import Text, say
from compliance.evidence.queries import evidence_of
from compliance.office.queries import licensing_offices
from compliance.office.settings import office_settings, today
from compliance.people.sessions import signed_in
from compliance.policy import Actor, require
from compliance.web.answering import done, go, show
from compliance.web.formatting import hour
from compliance.web.forms import Form, recent_days
from compliance.web.pages import url_with
from compliance.web.requests import given_back, keep_writes, typed

blueprint = Blueprint("notas", __name__)
ORDER = list(NOTA_STEPS)
ASKED_STEPS = ORDER[1:-1]


@blueprint.get("/field")
def field() -> Response:
    """The inspector's day: what is late, what comes, what is unfinished."""
    by = signed_in()
    require(by, "case.draft")
    day = today()
    return show(
        "cases/nota/field.html",
        today=day,
        rechecks=rechecks_of(by, day=day),
        lapsed=lapsed_cases_of(by, day=day),
        resume=_resume,
        steps=NOTA_STEPS,
        submissions=own_submissions(by),
        **_drafts(by),
        parts=[part for panel in FIELD_PANELS if (part := panel(by))],
    )


@blueprint.get("/drafts")
def drafts() -> Response:
    by = signed_in()
    require(by, "case.draft")
    settings = office_settings()

    def kept_until(case: Case) -> date:
        return clock.day_of(case.updated_at + timedelta(days=settings.draft_days), settings.zone)

    return show(
        "cases/nota/drafts.html",
        **_drafts(by),
        kept_until=kept_until,
        kept_days=settings.draft_days,
        resume=_resume,
        steps=NOTA_STEPS,
    )


@blueprint.route("/drafts/<uuid:draft_key>/delete", methods=["GET", "POST"])
def delete(draft_key: uuid.UUID) -> Response:
    case, form = _draft(draft_key, for_update=request.method == "POST"), Form()
    if form.is_submitted():
        expect_version(case, form.seen_version)
        name = case.company.name
        discard_draft(case, by=signed_in())
        return done(say("Draf nota untuk {name} dihapus.", name=name), "notas.drafts")
    form.version.data = str(case.version)
    return show("cases/nota/delete.html", form, case=case, resume=_resume)


@blueprint.route("/notas/new", methods=["GET", "POST"])
def new() -> Response:
    """The first page: which company. The draft begins when one is chosen."""
    by = signed_in()
    require(by, "case.draft")
    key, chosen = _posted_key(), read_id(request.form.get("company"))
    if request.method == "GET":
        return _companies(key)
    if chosen is None:
        return _companies(key, problem=True)
    company = load_company(by, chosen)
    case = start_draft(company, by=by, draft_key=key)
    if case.status == DRAFT and case.company_id != company.id:
        save_draft(case, by=by, typed={"step": "place"}, company=company)
    return go(_resume(case))


@blueprint.route("/notas/<uuid:draft_key>/company", methods=["GET", "POST"])
def change(draft_key: uuid.UUID) -> Response:
    """The first page again: it was another company."""
    by, case = signed_in(), _draft(draft_key, for_update=request.method == "POST")
    if request.method == "GET":
        return _companies(str(draft_key), case=case)
    chosen = read_id(request.form.get("company"))
    if chosen is None:
        return _companies(str(draft_key), case=case, problem=True)
    expect_version(case, Form().seen_version)
    save_draft(case, by=by, typed={}, company=load_company(by, chosen))
    return go(_address(_target("company", "next"), draft_key))


@blueprint.get("/notas/<uuid:draft_key>")
def resume(draft_key: uuid.UUID) -> Response:
    """Back to the very page where the inspector left."""
    return go(_resume(_draft(draft_key)))


@blueprint.route("/notas/<uuid:draft_key>/<step>", methods=["GET", "POST"])
def ask(draft_key: uuid.UUID, step: str) -> Response:
    """One page of questions. What was typed is always saved; what is wrong with it is said at once."""
    if step not in ASKED_STEPS:
        raise NotFound()
    case = _draft(draft_key, for_update=request.method == "POST")
    draft = Draft(case, today=today(), showing=step)
    if request.method == "GET" and given_back() is None:
        return _page(case, draft, step)
    now = type(draft.pages[step])(formdata=typed()).typed()
    so_far: dict[str, Any] = {**(case.draft or {}), step: now}
    if request.method == "GET":
        return _page(case, Draft(case, today=today(), typed=so_far, showing=step), step)
    seen = Form().seen_version
    if seen not in (None, case.version) and draft.typed.get(step, {}) != now:
        elsewhere = differences(draft.pages[step], now)
        draft = Draft(case, today=today(), typed=so_far, showing=step)
        return _page(case, draft, step, elsewhere=elsewhere, status=412)
    button = request.form.get("go", "next")
    before, draft = draft, Draft(case, today=today(), typed=so_far, showing=step)
    wrong = button == "next" and draft.show_problems(step)
    target = step if wrong else _target(step, button)
    save_draft(
        case, by=signed_in(), typed={**_followed(before, draft, step), step: now, "step": target}
    )
    if wrong:
        keep_writes()
        db.session.flush()
        return _page(case, draft, step, status=422)
    if button == "photos":
        return go("case_evidence.photos", draft_key=draft_key)
    return go("notas.drafts" if button == "later" else _address(target, draft_key))


def _followed(before: Draft, draft: Draft, step: str) -> dict[str, Any]:
    return followed_findings(before, draft) if step == "workers" else {}


@blueprint.route("/notas/<uuid:draft_key>/review", methods=["GET", "POST"])
def review(draft_key: uuid.UUID) -> Response:
    """Everything once more, what will happen, and the button that issues the nota."""
    by, case = signed_in(), _draft(draft_key, for_update=request.method == "POST")
    draft = Draft(case, today=today())
    problems = draft.problems()
    if request.method == "GET":
        return _review(case, draft, problems)
    if Form().seen_version not in (None, case.version):
        return _review(case, draft, problems, stale=True, status=412)
    if problems:
        return _review(case, draft, problems, status=422)
    try:
        if draft.stated_scale is not None:
            evidence = f"Pemeriksaan {draft.facts().inspected_on:%d-%m-%Y}"
            known = facts_of(case.company, scale=draft.stated_scale, scale_evidence=evidence)
            change_company(case.company, known, by=by)
        nota = issue_or_submit(case, by=by, facts=draft.facts(), violations=draft.violations)
    except (Invalid, Taken) as refusal:
        db.session.rollback()
        case = _draft(draft_key)
        draft = Draft(case, today=today())
        return _review(case, draft, draft.reasons(refusal), status=422)
    if nota is None:
        return go("approvals.waiting", id=case.id)
    return go("notas.done", draft_key=draft_key)


@blueprint.get("/notas/<uuid:draft_key>/done", endpoint="done")
def issued(draft_key: uuid.UUID) -> Response:
    case = issued_from(signed_in(), str(draft_key))
    if case is None:
        return go(_resume(_draft(draft_key)))
    links = [link for offer in NOTA_DONE_LINKS if (link := offer(case)) is not None]
    offices = licensing_offices(case.region_code)
    return show("cases/nota/done.html", case=case, offices=offices, links=links)


def _drafts(by: Actor) -> dict[str, Any]:
    """The asker's drafts, and of which of them a nota was sent back."""
    drafts = drafts_of(by)
    return {"drafts": drafts, "sent_back": last_sent_back([draft.id for draft in drafts])}


def _draft(draft_key: uuid.UUID, *, for_update: bool = False) -> Case:
    """The draft; once it is issued, every page of it leads to the end, and while it waits, to that."""
    by = signed_in()
    try:
        case = load_draft(by, str(draft_key), for_update=for_update)
        if case.submitted_at is not None:
            abort(go("approvals.waiting", id=case.id))
        return case
    except NotFound:
        if issued_from(by, str(draft_key)) is None:
            raise
        abort(go("notas.done", draft_key=draft_key))


def _resume(case: Case) -> str:
    """The page where the draft was left."""
    step = (case.draft or {}).get("step", "place")
    return _address(step if step in NOTA_STEPS else "place", case.draft_key)


def _address(step: str, draft_key: Any) -> str:
    if step in ASKED_STEPS:
        return url_for("notas.ask", draft_key=draft_key, step=step)
    return url_for({"company": "notas.change", "review": "notas.review"}[step], draft_key=draft_key)


def _target(step: str, button: str) -> str:
    """The page after `step`: the next one, the one before, the same one later or after the photos, or the
    review that sent us here.
    """
    if button in ("later", "photos"):
        return step
    if request.args.get("then") == "review":
        return "review"
    return ORDER[ORDER.index(step) + (-1 if button == "back" else 1)]


def _posted_key() -> str:
    """The key that the page was given when it was shown: the same one, however often it is sent."""
    try:
        return str(uuid.UUID(typed().get("draft_key", "")))
    except ValueError:
        return str(uuid.uuid4())


def _companies(draft_key: str, *, case: Case | None = None, problem: bool = False) -> Response:
    by, asked, wanted = (
        signed_in(),
        request.args.get("q", "").strip(),
        read_id(request.args.get("company")),
    )
    chosen, form = (
        typed().get("company", ""),
        Form(data={"version": case.version if case else None}),
    )
    choices: list[CompanyChoice] = []
    alike: list[Alike] = []
    if asked:
        choices = choices_among(find_companies(asked), by=by)
        if not choices:
            alike = alike_to(facts_in(asked[:LONGEST_NAME]))
    elif wanted is not None:
        choices = choices_among([load_company(by, wanted)], by=by)
    return show(
        "cases/nota/company.html",
        form,
        422 if problem else 200,
        case=case,
        draft_key=draft_key,
        q=asked,
        choices=choices,
        problem=problem,
        resume=_resume,
        chosen=chosen,
        parts=(
            []
            if case or choices or asked
            else [part for panel in NOTA_START_PANELS if (part := panel(by))]
        ),
        alike=alike,
        back=lambda company: url_with(q=None, company=company.id),
    )


def _page(
    case: Case, draft: Draft, step: str, *, elsewhere: Any = None, status: int = 200
) -> Response:
    page, workplaces = draft.page(step), workplaces_of(case.company) if step == "place" else ()
    page.version.data = str(case.version)
    for workplace in workplaces:
        if request.method == "GET" and str(workplace.id) == request.args.get("workplace"):
            page.place.data = ", ".join(filter(None, (workplace.name, workplace.address)))
    return show(
        f"cases/nota/{step}.html",
        page,
        status,
        workplaces=workplaces,
        case=case,
        draft=draft,
        step=step,
        steps=NOTA_STEPS,
        elsewhere=elsewhere,
        labels=LABELS,
        finding_fields=FINDING_FIELDS,
        scales=SCALES,
        settings=office_settings(),
        saved=_saved(case),
        days=recent_days(today()),
    )


def _saved(case: Case) -> Text:
    """When the server last took the draft over: the hour, and the day unless it is today."""
    if clock.day_of(case.updated_at, office_settings().zone) == today():
        return say("Tersimpan pukul {hour}", hour=hour(case.updated_at))
    return say("Tersimpan {instant}", instant=case.updated_at)


def _review(
    case: Case, draft: Draft, problems: list[Problem], *, stale: bool = False, status: int = 200
) -> Response:
    [choice] = choices_among([case.company], by=signed_in())
    facts = draft.facts()
    return show(
        "cases/nota/review.html",
        status=status,
        case=case,
        waits=needs_approval(case, by=signed_in(), inspected_on=facts.inspected_on),
        sent_back=last_sent_back([case.id]).get(case.id),
        draft=draft,
        problems=problems,
        previews=[] if problems else [offer(case) for offer in NOTA_PREVIEW],
        stale=stale,
        address=_address,
        facts=facts,
        further_facts=further_facts,
        offices=licensing_offices(case.company.region_code),
        choice=choice,
        parts=nota_parts(draft.found, facts.issued_on or today()),
        evidence=[item for item in evidence_of(signed_in(), case) if item.withdrawn_at is None],
        labels=LABELS,
        scales=SCALES,
        settings=office_settings(),
        steps=NOTA_STEPS,
    )
