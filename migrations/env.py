"""Runs migrations on the application's own engine, then fills in the reference data that is missing."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy.orm import Session

from compliance.admin.commands.reference_data import fill_reference_data
from compliance.core.db import db
from compliance.core.migrations import note_step, only_upgrade, unhurried

SEARCH = (
    "name_search",
    "ix_company_names_search_key_trigram",
)  # name search, written in SQL by a migration


def is_a_model(thing: Any, name: str | None, kind: str, reflected: bool, _compare_to: Any) -> bool:
    """Whether a table or index is to be compared: not the name search, nor an index of the other store."""
    if (
        kind == "index"
        and thing.info.get("only_on", db.engine.dialect.name) != db.engine.dialect.name
    ):
        return False
    return not (
        kind in ("table", "index") and reflected and name is not None and name.startswith(SEARCH)
    )


def migrate() -> None:
    options = dict(current_app.extensions["migrate"].configure_args)
    with only_upgrade(db.engine), db.engine.connect() as connection, unhurried(connection):
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            include_object=is_a_model,
            transaction_per_migration=True,
            on_version_apply=note_step,
            **options,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        if is_complete(connection):
            with Session(connection) as session, session.begin():
                fill_reference_data(session)
            connection.commit()


def is_complete(connection: Any) -> bool:
    """Whether the newest migration has been run, so that every table of the reference data is there."""
    heads = set(context.script.get_heads())
    return bool(heads) and set(context.get_context().get_current_heads()) == heads


if context.is_offline_mode():
    raise SystemExit("Patuh migrates a live database only")
migrate()
