"""Patuh: the employer compliance case tracker of a provincial labour inspectorate.

create_app() is the one place where the parts meet; it reads as a list.
"""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask
from flask_migrate import Migrate

from compliance import cli, reactions, schedule, slots
from compliance.admin import views as admin_pages
from compliance.api import views as api_views
from compliance.cases import views as case_pages
from compliance.cases.nota import views as nota_pages
from compliance.companies import views as company_pages
from compliance.companies.workplaces import views as workplace_pages
from compliance.core import after, events, logs
from compliance.core.db import db, engine_options, tune
from compliance.core.scheduler import Clockwork
from compliance.core.slots import fill_slots
from compliance.imports import views as import_pages
from compliance.licensing import views as licensing_pages
from compliance.licensing.views import questions as question_pages
from compliance.licensing.views import verify as verify_pages
from compliance.merges import views as merge_pages
from compliance.office.settings import office_settings
from compliance.people import passwords, sessions
from compliance.people import views as people_pages
from compliance.people.saved_views import views as saved_view_pages
from compliance.plan import views as plan_pages
from compliance.reference import regions
from compliance.team import views as team_pages
from compliance.web import (
    assets,
    errors,
    formatting,
    health,
    offline,
    pages,
    requests,
    security,
    uploads,
)
from config import ROOT, Config

PAGES = (
    assets,
    health,
    offline,
    people_pages,
    saved_view_pages,
    company_pages,
    workplace_pages,
    merge_pages,
    import_pages,
    nota_pages,
    case_pages,
    plan_pages,
    licensing_pages,
    question_pages,
    verify_pages,
    team_pages,
    admin_pages,
    api_views,
)
"""Each of these modules has a `blueprint`."""


def create_app(config: Config | None = None) -> Flask:
    """Patuh, put together. `config` comes from the environment unless it is given."""
    config = config or Config.read(os.environ)
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=None)
    app.config.from_mapping(config.model_dump())
    app.config.from_mapping(
        SECRET_KEY=config.SECRET_KEY
        or sessions.development_secret(ROOT / "instance" / "secret_key"),
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
    fill_slots(slots.TABLE)
    app.extensions["patuh_jobs"] = schedule.JOBS
    assets.install(app)
    uploads.install(app)  # before anything reads what was sent
    formatting.install(app, zone=lambda: office_settings().zone)
    security.install(app, proxies=config.PATUH_PROXIES)
    requests.install(app)  # first: who asks is read in the request's own transaction
    after.install(app)
    sessions.install(app)
    pages.install(app)
    app.jinja_env.globals.update(region_name=regions.region_name, region_names=regions.REGION_NAMES)
    errors.install(app)
    for module in PAGES:
        app.register_blueprint(module.blueprint)
    cli.install(app)
    if config.PATUH_EMBED_SCHEDULER:
        Clockwork(app, schedule.TABLE).serve_in_background()
    return app
