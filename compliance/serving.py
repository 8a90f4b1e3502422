"""What answers requests: every page, the API, and what they stand on.

Commands and jobs do without it. It loads as much as all else together: the forms, the API's schemas, alembic.
"""

from __future__ import annotations

from flask import Flask
from sqlalchemy.orm import configure_mappers

from compliance.admin import views as admin_pages
from compliance.admin.first_start import views as first_start
from compliance.api import views as api_views
from compliance.cases.approvals import views as approval_pages
from compliance.cases.disputes import views as dispute_pages
from compliance.cases.evidence import views as case_evidence_pages
from compliance.cases.nota import views as nota_pages
from compliance.cases.readings import views as reading_pages
from compliance.cases.second_nota import views as second_nota_pages
from compliance.cases.visits import views as case_pages  # with those of compliance/cases/views
from compliance.companies import views as company_pages
from compliance.companies.circumstances import views as circumstance_pages
from compliance.companies.workplaces import views as workplace_pages
from compliance.core import after, migrations
from compliance.evidence import views as evidence_pages
from compliance.imports import views as import_pages
from compliance.letters import views as letter_pages
from compliance.letters.packets import views as packet_pages
from compliance.licensing import views as licensing_pages
from compliance.licensing.views import questions as question_pages
from compliance.licensing.views import verify as verify_pages
from compliance.merges import views as merge_pages
from compliance.merges.doubtful import views as doubtful_pages
from compliance.people import sessions
from compliance.people import views as people_pages
from compliance.people.factors import views as factor_pages
from compliance.people.saved_views import views as saved_view_pages
from compliance.plan import views as plan_pages
from compliance.team import views as team_pages
from compliance.team.escalations import views as escalation_pages
from compliance.web import (
    access_log,
    assets,
    errors,
    health,
    metrics,
    offline,
    pages,
    requests,
    search_page,
    security,
    security_log,
    uploads,
)

PAGES = (
    assets,
    health,
    metrics,
    offline,
    search_page,
    people_pages,
    saved_view_pages,
    factor_pages,
    company_pages,
    workplace_pages,
    merge_pages,
    doubtful_pages,
    import_pages,
    nota_pages,
    second_nota_pages,
    approval_pages,
    case_pages,
    reading_pages,
    dispute_pages,
    evidence_pages,
    case_evidence_pages,
    circumstance_pages,
    plan_pages,
    licensing_pages,
    question_pages,
    verify_pages,
    letter_pages,
    packet_pages,
    team_pages,
    escalation_pages,
    admin_pages,
    first_start,
    api_views,
)
"""Each of these modules has a `blueprint`."""


def install(app: Flask) -> None:
    """Let `app` answer requests."""
    migrations.install(app)
    assets.install(app)
    uploads.install(app)  # before anything reads what was sent
    access_log.install(app)
    metrics.install(app)
    security.install(app, proxies=app.config["PATUH_PROXIES"])
    requests.install(app)  # first: who asks is read in the request's own transaction
    after.install(app)
    security_log.install(app)
    first_start.install(app)  # before strangers are sent to the sign-in page
    sessions.install(app)
    pages.install(app)
    errors.install(app)
    for module in PAGES:
        app.register_blueprint(module.blueprint)
    configure_mappers()  # now, not in the first request
