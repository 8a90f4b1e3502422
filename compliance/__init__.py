"""Patuh: the employer compliance case tracker of a provincial labour inspectorate.

create_app() is the one place where the parts meet; it reads as a list.
"""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask

from compliance import cli, reactions, schedule, slots
from compliance.core import events, logs, seals
from compliance.core.db import db, engine_options, tune
from compliance.core.keys import kept_secrets, read_seal_keys, use_seal_keys
from compliance.core.scheduler import Clockwork
from compliance.core.slots import fill_slots
from compliance.letters.kinds import LETTER_NAMES, UNNUMBERED_KINDS
from compliance.office.settings import served_province, zone_of_office
from compliance.people import passwords
from compliance.reference.regions import districts_of, region_name
from compliance.store.backing_up import Nightly, use_nightly
from compliance.store.rules import Keep
from compliance.web import formatting
from config import ROOT, VERSION, Config


def create_app(config: Config | None = None, *, pages: bool = True) -> Flask:
    """Patuh, put together. `config` comes from the environment unless it is given.

    Without `pages` it serves no request: enough for commands and jobs, and loaded in half the time.
    """
    config = config or Config.read(os.environ)
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=None)
    app.config.from_mapping(config.settings())
    app.config.from_mapping(
        VERSION=VERSION,
        SECRET_IS_GIVEN=bool(config.SECRET_KEY),
        SECRET_KEY=config.SECRET_KEY or kept_secrets(ROOT / "instance" / "secret_key")[0],
        SQLALCHEMY_DATABASE_URI=config.DATABASE_URL,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(config.DATABASE_URL),
        BABEL_TRANSLATION_DIRECTORIES=str(Path(__file__).parent / "translations"),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.PATUH_ENV == "production",
        SESSION_COOKIE_NAME="__Host-session" if config.PATUH_ENV == "production" else "session",
        WTF_CSRF_TIME_LIMIT=None,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
    )
    if config.PATUH_PASSWORD_COST == "low":
        passwords.use_low_cost()
    logs.install(production=config.PATUH_ENV == "production")
    db.init_app(app)
    with app.app_context():
        tune(db.engine)
    use_seal_keys(read_seal_keys(config.PATUH_SEAL_KEY, config.PATUH_SEAL_KEY_FILE))
    seals.use_seals_file(config.PATUH_SEALS_FILE)
    use_nightly(
        Nightly(
            config.PATUH_BACKUP_DIR, Keep.read(config.PATUH_BACKUP_KEEP), config.PATUH_BACKUP_KEY
        )
        if config.PATUH_BACKUP_DIR
        else None
    )
    events.use_reactions(reactions.TABLE)
    fill_slots(slots.TABLE)
    app.extensions["patuh_jobs"] = schedule.JOBS
    formatting.install(app, zone=zone_of_office)
    app.jinja_env.globals.update(
        region_name=region_name, districts_of=districts_of, served_province=served_province
    )
    app.jinja_env.globals.update(letter_names=LETTER_NAMES, unnumbered_letters=UNNUMBERED_KINDS)
    cli.install(app)
    if pages:
        from compliance import serving  # not above: it loads as much as all else together

        serving.install(app)
    if config.PATUH_EMBED_SCHEDULER and pages:  # a command runs no scheduler beside its work
        Clockwork(app, schedule.TABLE, zone=zone_of_office).serve_in_background()
    return app
