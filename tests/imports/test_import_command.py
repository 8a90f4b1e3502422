"""An import by command: the same kind of batch, and one that is killed is finished by the clock."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from compliance import create_app
from compliance.core import clock
from compliance.core.db import db, transaction
from compliance.core.walk import verify
from compliance.imports.commands.claims import LEASE
from compliance.imports.commands.job import CHUNK
from compliance.imports.models import Import, ImportRow
from tests.conftest import a_config
from tests.house.source import ROOT
from tests.imports.conftest import Run, a_list, long_list
from tests.imports.importer import Desk, names, registry, tick
from tests.journeys.processes import environment, until


def test_a_command_makes_the_same_kind_of_batch(run: Run, desk: Desk) -> None:
    before = registry()
    run(a_list("PT Contoh;9120000000001;;;Ende;;;;", "X;;;;Kupang;;;;"))
    [batch] = db.session.scalars(sa.select(Import))
    assert (batch.status, batch.counts, batch.by_id) == ("done", {"new": 1, "refused": 1}, None)
    desk.id = batch.id
    assert "lewat perintah di server" in desk.browser.get("/imports").text
    desk.act("undo", sure="yes")
    tick()
    assert registry() == before


def test_a_dry_run_of_the_command_leaves_no_batch(run: Run) -> None:
    run(a_list("PT Contoh;;;;Ende;;;;"), "--dry-run")
    assert list(db.session.scalars(sa.select(Import))) == []


@pytest.mark.processes
@pytest.mark.xdist_group("processes")
def test_a_command_that_is_killed_is_finished_by_the_clock(database: str, tmp_path: Path) -> None:
    count = 20 * CHUNK
    file = tmp_path / "daftar.csv"
    file.write_text(long_list(count))
    live = create_app(a_config(database, tmp_path / "mail"))
    with live.app_context():

        def done() -> int:
            db.session.rollback()
            with db.engine.connect().execution_options(read_only=True) as connection:
                return connection.scalar(sa.select(Import.done_rows)) or 0

        command = subprocess.Popen(
            [sys.executable, "-m", "flask", "companies", "import", str(file)],
            cwd=ROOT,
            env=environment(database, tmp_path / "mail"),
            stdout=subprocess.DEVNULL,
        )
        assert until(lambda: done() > 0, seconds=60)
        command.kill()
        command.wait()
        reached = done()
        assert 0 < reached < count
        with transaction():
            db.session.execute(sa.update(Import).values(claimed_until=clock.now() - LEASE))
        rows = 0
        while more := tick().get(
            "rows", 0
        ):  # a run hands back after its time, on a slow machine before it is done
            rows += more
        assert rows == count - reached
        assert names() == [f"PT Contoh {at}" for at in range(count)]
        assert db.session.scalar(sa.select(sa.func.count()).select_from(ImportRow)) == count
        assert list(verify()) == []
