"""The migrations of the store, through Flask-Migrate.

It loads alembic, which takes long: a command imports this module only when it is about migrations.
"""

from __future__ import annotations

import click
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask_migrate import Migrate
from flask_migrate.cli import db as commands

from compliance.core.db import db
from config import ROOT


def install(app: Flask) -> click.Group:
    """Tell Flask-Migrate of the store and its migrations; the commands of `flask db`."""
    Migrate(app, db, directory=str(ROOT / "migrations"), compare_type=True)
    group: click.Group = commands
    return group


def are_current() -> bool:
    """Whether the store is at the newest migration."""
    heads = set(ScriptDirectory(current_app.extensions["migrate"].directory).get_heads())
    return set(MigrationContext.configure(db.session.connection()).get_current_heads()) == heads
