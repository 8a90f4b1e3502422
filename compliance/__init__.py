"""Patuh: the employer compliance case tracker of a provincial labour inspectorate.

create_app() is the one place where the parts meet; it reads as a list.
"""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask
from flask_migrate import Migrate

from compliance import cli, reactions, schedule
from compliance.admin import views as admin_views
from compliance.api import views as api_views
from compliance.cases import listing
from compliance.cases import panels as company_part
from compliance.cases import queries as case_queries
from compliance.cases import views as case_views
from compliance.cases.nota import views as nota_views
from compliance.companies import queries as company_queries
from compliance.companies import views as company_views
from compliance.companies.workplaces import views as workplace_views
from compliance.core import events, logs
from compliance.core.db import db, engine_options, tune
from compliance.core.scheduler import Clockwork
from compliance.imports import kinds as import_kinds
from compliance.imports import views as import_views
from compliance.licensing import panels as licensing_company_part
from compliance.licensing import panels as on_cases
from compliance.licensing import queries as licensing_queries
from compliance.licensing.views import flags as licensing_views
from compliance.licensing.views import questions as question_views
from compliance.licensing.views import verify as verify_views
from compliance.merges import moving as merging
from compliance.merges import queries as duplicates
from compliance.merges import views as merge_views
from compliance.office.settings import office_settings
from compliance.people import passwords, sessions
from compliance.people import views as people_views
from compliance.people.saved_views import views as saved_view_pages
from compliance.plan import queries as plan_queries
from compliance.plan import views as plan_views
from compliance.plan.import_kind import COMPLIANCE_LIST
from compliance.team import views as oversight_views
from compliance.web import assets, errors, health, offline, pages, requests, security, uploads
from compliance.web import formatting as words
from config import ROOT, Config

BLUEPRINTS = (
    assets.blueprint,
    health.blueprint,
    offline.blueprint,
    people_views.blueprint,
    saved_view_pages.blueprint,
    company_views.blueprint,
    workplace_views.blueprint,
    merge_views.blueprint,
    import_views.blueprint,
    nota_views.blueprint,
    case_views.blueprint,
    plan_views.blueprint,
    licensing_views.blueprint,
    question_views.blueprint,
    verify_views.blueprint,
    oversight_views.blueprint,
    admin_views.blueprint,
    api_views.blueprint,
)


def create_app(config: Config | None = None) -> Flask:
    """Patuh, put together. `config` comes from the environment unless it is given."""
    config = config or Config.read(os.environ)
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=None)
    app.config.from_mapping(config.model_dump())
    app.config.from_mapping(
        SECRET_KEY=config.SECRET_KEY or sessions.development_secret(ROOT / "instance" / "secret_key"),
        SQLALCHEMY_DATABASE_URI=config.DATABASE_URL,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(config.DATABASE_URL),
        BABEL_TRANSLATION_DIRECTORIES=str(Path(__file__).parent / "translations"),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.PATUH_ENV == "production",
        WTF_CSRF_TIME_LIMIT=None,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
    )
    if config.PATUH_PASSWORD_COST == "low":
        passwords.use_low_cost()
    logs.install(production=config.PATUH_ENV == "production")
    db.init_app(app)
    with app.app_context():
        tune(db.engine)
    Migrate(app, db, directory=str(ROOT / "migrations"), compare_type=True)
    events.use_reactions(reactions.TABLE)
    case_queries.CASE_EXTRAS[:] = (on_cases.extras_of,)
    listing.FLAG_COLUMN[:] = (on_cases.FLAG_COLUMN,)
    company_queries.PROFILE_PARTS[:] = (
        plan_queries.on_the_plan,
        company_part.history,
        licensing_company_part.flags_and_checks,
        duplicates.merged_part,
    )
    import_kinds.KINDS[COMPLIANCE_LIST.name] = COMPLIANCE_LIST
    merging.FOLLOWS[:] = (company_part.following, on_cases.following)
    company_queries.OWN_COMPANIES[:] = (company_part.had_cases_of,)
    company_queries.ROW_TAGS[:] = (company_part.open_cases,)
    pages.BADGES["flags"] = licensing_queries.unanswered_flags
    app.extensions["patuh_jobs"] = schedule.JOBS
    assets.install(app)
    uploads.install(app)  # before anything reads what was sent
    words.install(app, zone=lambda: office_settings().zone)
    security.install(app, proxies=config.PATUH_PROXIES)
    requests.install(app)  # first: who asks is read in the request's own transaction
    sessions.install(app)
    pages.install(app)
    errors.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    cli.install(app)
    if config.PATUH_EMBED_SCHEDULER:
        Clockwork(app, schedule.TABLE).serve_in_background()
    return app
