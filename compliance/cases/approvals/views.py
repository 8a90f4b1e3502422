"""Pages of approval: what waits, one nota with the buttons, and the inspector's own page while it waits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, request, url_for

from compliance.cases.approvals import queries
from compliance.cases.approvals.models import NOTA_KINDS, Submission
from compliance.cases.approvals.panels import SUBMISSION_PREVIEW, papers_waiting
from compliance.cases.approvals.rules import (
    OWN_NOTA,
    changed_company,
    nota_facts_of,
    second_facts_of,
)
from compliance.cases.commands.approvals import (
    approve_nota,
    send_back_nota,
    take_back_nota,
)
from compliance.cases.forms import ReasonForm
from compliance.cases.nota.forms import further_facts
from compliance.cases.panels import nota_parts
from compliance.cases.queries import expect_version, foreseen_due, violations_on
from compliance.cases.rules import nota_doubts, nota_problems
from compliance.cases.workflow import DRAFT
from compliance.core.db import db
from compliance.core.errors import NotFound, Refusal
from compliance.core.text import Text, say
from compliance.office.queries import licensing_offices
from compliance.office.settings import office_settings, today
from compliance.people.sessions import signed_in
from compliance.policy import require
from compliance.web.answering import done, go, refusals_on, show, tell
from compliance.web.forms import Form

blueprint = Blueprint("approvals", __name__)


@blueprint.get("/approvals")
def index() -> Response:
    """What waits for a supervisor, the longest first."""
    by = signed_in()
    require(by, "nota.approve")
    return show("cases/approvals/index.html", papers=papers_waiting(by))


@blueprint.route("/approvals/<int:id>", methods=["GET", "POST"])
def one(id: int) -> Response:
    """One nota: what it says, and the two buttons. After either, on to the next one."""
    by, acts = signed_in(), request.method == "POST"
    try:
        submission = queries.load_submission(by, id, for_update=acts)
    except NotFound:
        tell(say("Yang ini tidak lagi menunggu persetujuan."), "caution")
        return go("approvals.index")
    form, refusal = ReasonForm(), None
    if acts:
        expect_version(submission.case, form.seen_version)
        following = _after(url_for("approvals.one", id=id))
        try:
            sentence = _decide(submission, form)
        except Refusal as reason:
            db.session.rollback()
            submission = queries.load_submission(by, id)
            refusal = reason
            form.refuse(reason)
        else:
            return done(sentence, following)
    form.version.data = str(submission.case.version)
    return show(
        "cases/approvals/one.html",
        form,
        200 if refusal is None else 422,
        submission=submission,
        case=submission.case,
        kinds=NOTA_KINDS,
        papers=papers_waiting(by),
        here=url_for("approvals.one", id=id),
        previews=[offer(id) for offer in SUBMISSION_PREVIEW],
        skip=_after(url_for("approvals.one", id=id)),
        offices=licensing_offices(submission.case.company.region_code),
        own=OWN_NOTA if by.actor_id in queries.inspectors_of(submission) else None,
        changed=changed_company(submission.about, submission.case.company),
        settings=office_settings(),
        further_facts=further_facts,
        **_said(submission),
    )


def _decide(submission: Submission, form: ReasonForm) -> Text:
    """Do what the button says."""
    by, case = signed_in(), submission.case
    if request.form.get("act") == "send_back":
        send_back_nota(case, by=by, reason=form.reason.data)
        return say("Dikembalikan kepada {name}.", name=case.inspector.name)
    if request.form.get("act") != "approve":
        raise Refusal(say("Pilih salah satu."))
    approve_nota(case, by=by)
    return say("Disetujui: kasus {number} terbit.", number=case.number)


def _after(address: str) -> str:
    """The paper after this one in the list; the list itself after the last."""
    addresses = [paper.address for paper in papers_waiting(signed_in())]
    at = addresses.index(address) if address in addresses else -1
    others = [*addresses[at + 1 :], *addresses[: max(at, 0)]]
    return others[0] if others else url_for("approvals.index")


def _said(submission: Submission) -> dict[str, Any]:
    """What the nota says, what keeps it from being issued today, and what deserves a second look."""
    day = today()
    if submission.kind == "II":
        open_ones = [finding.violation for finding in submission.case.warned_of]
        return {
            "second": second_facts_of(submission.facts),
            "problems": [],
            "doubts": [],
            "parts": nota_parts(open_ones, day),
        }
    facts = replace(nota_facts_of(submission.facts), issued_on=day)
    known = violations_on(day)
    due = foreseen_due(day)
    special = frozenset(code for code, violation in known.items() if violation.special_note)
    problems = nota_problems(
        facts, today=day, scale=submission.case.company.scale, known=frozenset(known)
    )
    return {
        "facts": facts,
        "violations": known,
        "parts": nota_parts(
            [known[one.violation] for one in facts.findings if one.violation in known], day
        ),
        "due": due,
        "problems": list(problems.values()),
        "doubts": nota_doubts(facts, today=day, due=due, special=special),
    }


@blueprint.route("/approvals/cases/<int:id>", methods=["GET", "POST"])
def waiting(id: int) -> Response:
    """The inspector's page while a nota waits: that it waits, and the way to take it back."""
    by, acts = signed_in(), request.method == "POST"
    case = queries.load_waiting_case(by, id, action="case.issue", for_update=acts)
    submission, form = queries.open_submission(case), Form()
    if submission is None:
        raise NotFound()
    if acts:
        with refusals_on(form, Refusal):
            expect_version(case, form.seen_version)
            take_back_nota(case, by=by)
            return done(say("Nota ditarik kembali dan dapat diubah."), _way_back(submission))
    form.version.data = str(case.version)
    return show(
        "cases/approvals/waiting.html",
        form,
        422 if acts else 200,
        case=case,
        submission=submission,
        kinds=NOTA_KINDS,
    )


def _way_back(submission: Submission) -> str:
    """Where a nota that was taken back is changed."""
    case = submission.case
    if case.status == DRAFT:
        return url_for("notas.review", draft_key=case.draft_key)
    return url_for("second_nota.issue", number=case.number)
