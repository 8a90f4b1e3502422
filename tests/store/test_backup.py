"""`flask backup`: complete while everybody works, its manifest, its rule, and who is told when it is old."""

from __future__ import annotations

import hashlib
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from compliance.core import jobs
from compliance.core.db import db, transaction
from compliance.core.events import last_sealed
from compliance.files.commands import add_file, keep_bytes
from compliance.files.storage import storage
from compliance.schedule import JOBS
from compliance.store import backing_up
from compliance.store.backing_up import Nightly
from compliance.store.commands import put_up_read_only, take_off_read_only
from compliance.store.queries import last_backup
from compliance.store.rules import Keep
from tests.factories import a_case
from tests.store.conftest import Run

pytestmark = pytest.mark.usefixtures("programs")


def a_stored_file(content: bytes = b"isi berkas") -> str:
    """Bytes that the store names."""
    kept = keep_bytes(content, kind="pdf")
    with transaction():
        add_file(kept)
    return kept.sha256


def manifest_in(backup: Path) -> dict[str, Any]:
    with tarfile.open(backup) as tar:
        content = tar.extractfile("manifest.json")
        assert content is not None
        facts: dict[str, Any] = json.load(content)
        return facts


def only_backup(folder: Path) -> Path:
    [found] = [path for path in folder.iterdir() if path.suffix in (".tar", ".enc")]
    return found


def test_a_backup_holds_the_store_its_files_and_what_must_be_in_it(
    app: Flask, run: Run, store, tmp_path
) -> None:
    a_case()
    name = a_stored_file()
    head = last_sealed()
    made = run("backup", str(tmp_path / "b"))
    assert made.exit_code == 0, made.output
    backup = only_backup(tmp_path / "b")
    assert str(backup) in made.stdout and f"up to event {head}" in made.stdout
    facts = manifest_in(backup)
    assert facts["store"] == store.name
    assert (facts["last_event_id"], facts["files"], facts["broken"]) == (head, 1, [])
    assert facts["rows"]["cases"] == 1
    with tarfile.open(backup) as tar:
        names = tar.getnames()
        assert names == [*facts["members"], f"files/{name[:2]}/{name[2:4]}/{name}", "manifest.json"]
        for member, said in facts["members"].items():
            content = tar.extractfile(member).read()  # type: ignore[union-attr]
            assert hashlib.sha256(content).hexdigest() == said["sha256"]
    assert backup.stat().st_mode & 0o77 == 0, "for its own user alone"
    beside = backup.with_name(backup.name + ".sha256").read_text()
    assert beside.split() == [hashlib.sha256(backup.read_bytes()).hexdigest(), backup.name]
    noted = last_backup()
    assert noted is not None
    assert (noted.name, noted.size, noted.last_event_id) == (
        backup.name,
        backup.stat().st_size,
        head,
    )
    assert sorted(path.name for path in (tmp_path / "b").iterdir()) == [
        backup.name,
        backup.name + ".sha256",
    ], "nothing unfinished is left"


def test_a_file_that_is_gone_is_named_and_the_rest_is_backed_up(
    app: Flask, run: Run, tmp_path: Path
) -> None:
    gone, changed, whole = (a_stored_file(text) for text in (b"hilang", b"berubah", b"utuh"))
    folder = storage().folder  # type: ignore[attr-defined]
    (folder / gone[:2] / gone[2:4] / gone).unlink()
    (folder / changed[:2] / changed[2:4] / changed).write_bytes(b"berubeh")
    made = run("backup", str(tmp_path / "b"))
    assert made.exit_code == 0
    assert f"file {gone}: changed or gone" in made.stderr
    assert f"file {changed}: changed or gone" in made.stderr
    facts = manifest_in(only_backup(tmp_path / "b"))
    assert facts["files"] == 1 and sorted(facts["broken"]) == sorted([gone, changed])
    assert whole not in facts["broken"]


def test_older_ones_go_by_the_rule_and_nothing_else_does(
    app: Flask, run: Run, at, tmp_path
) -> None:
    folder = tmp_path / "b"
    for day in ("2026-12-01", "2026-12-02", "2026-12-03"):
        at(f"{day} 01:30")
        assert run("backup", str(folder), "--keep", "2d").exit_code == 0
    (folder / "notes.txt").write_text("ours")
    at("2026-12-04 01:30")
    last = run("backup", "--keep", "2d", str(folder))
    assert "1 older backups removed" in last.stdout
    assert sorted(path.name for path in folder.iterdir()) == [
        "notes.txt",
        "patuh-20261202T173000Z.tar",
        "patuh-20261202T173000Z.tar.sha256",
        "patuh-20261203T173000Z.tar",
        "patuh-20261203T173000Z.tar.sha256",
    ]
    again = run("backup", str(folder))
    assert again.exit_code == 1 and "of this second already" in again.stderr
    assert run("backup", str(folder), "--keep", "x").exit_code == 1


def test_what_stops_it_is_one_line_and_leaves_nothing(
    app: Flask, run: Run, tmp_path: Path, monkeypatch, store
) -> None:
    (tmp_path / "file").write_text("no folder")
    refused = run("backup", str(tmp_path / "file" / "b"))
    assert refused.exit_code != 0 and len(refused.stderr.strip().splitlines()) == 1
    wrong = tmp_path / "key.pem"
    wrong.write_text("no key")
    refused = run("backup", str(tmp_path / "b"), "--encrypt-to", str(wrong))
    assert refused.exit_code == 1 and "is no key in PEM" in refused.stderr
    if store.name == "postgresql":
        monkeypatch.setenv("PATH", str(tmp_path))
        refused = run("backup", str(tmp_path / "b"))
        assert refused.exit_code == 1 and "pg_dump is not installed" in refused.stderr
    assert last_backup() is None
    assert list(tmp_path.glob("b/*")) == []


def test_the_nightly_job_backs_up_where_a_folder_is_set(
    app: Flask, browser, at, tmp_path: Path, monkeypatch
) -> None:
    work = JOBS["back_up_at_night"].work
    assert jobs.run("back_up_at_night", work).did == {}
    admin, ina = browser("adi"), browser("ina")
    assert "cadangan" not in admin.get("/admin/jobs").html.split("<main")[0]
    monkeypatch.setattr(backing_up, "_nightly", Nightly(tmp_path / "b", Keep(days=7)))
    assert "Belum ada cadangan yang selesai." in admin.get("/admin/jobs").html
    assert "Belum ada cadangan" not in ina.get("/field").html
    at("2026-12-01 01:30")
    assert jobs.run("back_up_at_night", work).did == {"backups": 1}
    admin = browser("adi")
    assert "cadangan" not in admin.get("/admin/jobs").html.split("<main")[0]
    at("2026-12-02 03:31")
    admin = browser("adi")
    page = admin.get("/admin/jobs").html
    assert "Cadangan terakhir yang selesai dibuat 1 Desember 2026" in page
    a_stored_file(b"akan hilang")
    name = a_stored_file(b"hilang")
    folder = storage().folder  # type: ignore[attr-defined]
    (folder / name[:2] / name[2:4] / name).unlink()
    state = jobs.run("back_up_at_night", work)
    assert state.error == f"BrokenFiles: {name}"
    db.session.expire_all()
    assert "Cadangan terakhir" not in admin.get("/admin/jobs").html, "it is complete all the same"


def test_in_read_only_mode_it_is_made_and_not_noted(app: Flask, run: Run, tmp_path: Path) -> None:
    put_up_read_only()
    made = run("backup", str(tmp_path / "b"))
    assert made.exit_code == 0, made.stderr
    assert "does not know of this backup" in made.stderr
    assert last_backup() is None
    take_off_read_only()
