"""A database of the release before has signatories and letters, and goes on with both."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from flask import Flask

from compliance.core.db import db
from compliance.office.signatories.models import Signatory
from tests.factories import a_case

BEFORE = """INSERT INTO signatories (name, title, from_on, until_on) VALUES
 ('Rosa Umpama', 'Kepala Dinas', '2025-01-01', '2025-12-31'),
 ('Tono Misal', 'Plt. Kepala Dinas', '2026-01-01', NULL)"""


@pytest.fixture
def migration(app: Flask) -> Iterator[ModuleType]:
    """The migration under test, with the store as its operations see it."""
    config = app.extensions["migrate"].migrate.get_config()
    module = ScriptDirectory.from_config(config).get_revision("0044").module
    import_module("compliance.letters.models")
    with db.engine.connect() as connection:
        with Operations.context(MigrationContext.configure(connection)):
            yield module
        connection.commit()


def test_signatories_of_before_keep_their_titles_and_those_who_signed_stay_as_they_are(
    app: Flask, migration: Any
) -> None:
    a_case()
    db.session.rollback()
    migration.downgrade()
    migration.op.execute(BEFORE)
    migration.upgrade()
    migration.op.get_bind().commit()
    rows = db.session.scalars(sa.select(Signatory).order_by(Signatory.id)).all()
    said = [(row.name, row.titles, row.capacity, row.used, row.office_id) for row in rows]
    assert said == [
        ("Rosa Umpama", ("Kepala Dinas,",), "definitive", False, None),
        ("Tono Misal", ("Plt. Kepala Dinas,",), "plt", True, None),
    ]
