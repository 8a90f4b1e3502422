"""`flask restore`: into an empty place only, verified, and nothing happens twice that happened once."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from flask import Flask
from sqlalchemy.engine import make_url

from compliance import create_app
from compliance.admin.audit.verifying import Verification
from compliance.core import clock
from compliance.core.db import db, transaction
from compliance.core.events import Event
from compliance.core.numbering import next_serial
from compliance.core.outbox import Message, deliver_due, post_message
from compliance.core.read_only import read_only_mode
from compliance.core.schema import REVISIONS
from compliance.files.storage import storage
from compliance.people.commands.accounts import add_token_at_console
from compliance.people.models import ApiToken, SignIn
from compliance.people.queries import caller_with
from compliance.store.backing_up import make_backup
from compliance.store.restoring import UNFINISHED_RESTORE
from tests.conftest import a_config
from tests.factories import a_case, a_company, user
from tests.house.source import ROOT
from tests.intruder import verified
from tests.journeys.processes import environment
from tests.store.conftest import Run, Server
from tests.store.test_backup import a_stored_file, only_backup

pytestmark = pytest.mark.usefixtures("programs")


class Elsewhere:
    """An empty place for a store, its files and its commands."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        self.files = f"file://{folder / 'files'}"

    def flask(self, *words: str) -> Result:
        with self.there() as app:
            result = app.test_cli_runner().invoke(args=list(words))
        assert "Traceback" not in result.output, result.output
        assert result.exception is None or isinstance(result.exception, SystemExit), repr(
            result.exception
        )
        return result

    @contextmanager
    def there(self) -> Iterator[Flask]:
        """The application of that place."""
        db.session.remove()
        app = create_app(a_config(self.url, self.folder, PATUH_FILES=self.files))
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def elsewhere(store, tmp_path: Path, request) -> Iterator[Elsewhere]:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    if store.name == "sqlite":
        yield Elsewhere(f"sqlite:///{folder / 'store' / 'patuh.sqlite3'}", folder)
        return
    server: Server = request.getfixturevalue("server")
    name = f"elsewhere_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    server.drop(name)
    yield Elsewhere(server.make(name), folder)
    server.drop(name)


def a_mail(key: str = "1") -> None:
    with transaction():
        post_message("contoh", key=key, channel="email", address="a@contoh.example", data={})


@pytest.fixture
def backup(app: Flask, run: Run, browser, tmp_path: Path) -> Path:
    """A backup of a store in which people were at work."""
    a_case()
    a_stored_file()
    browser("ina")
    a_mail()
    assert run("backup", str(tmp_path / "b")).exit_code == 0
    return only_backup(tmp_path / "b")


def test_a_restored_store_is_whole_and_does_nothing_twice(
    app: Flask, backup: Path, elsewhere: Elsewhere, run: Run
) -> None:
    with transaction():
        secret = add_token_at_console(user("lia"), label="loket")
    run("backup", str(backup.parent / "c"))
    done = elsewhere.flask("restore", str(only_backup(backup.parent / "c")))
    assert done.exit_code == 0, done.output
    assert "restored and verified" in done.stdout and "4 mails held" in done.stdout
    assert "1 tokens revoked" in done.stdout and "nota goes on after 1001" in done.stdout
    with elsewhere.there() as there:
        code, text = verified(there)
        assert code == 0, text
        assert caller_with(secret) is None
        assert db.session.scalar(sa.select(SignIn.id).where(SignIn.ended_at.is_(None))) is None
        assert read_only_mode() is None
        sent: list[Message] = []
        assert deliver_due(sent.append)["sent"] == 0 and sent == []
        with transaction():
            assert next_serial("case", 2026) == 1002, "what was given since is not given again"
            assert next_serial("check", 2026) == 1001
        assert a_company().id > 1000, "nor do old links lead to something new"
        restored = db.session.scalars(sa.select(Event).where(Event.kind == "store.restored")).one()
        assert restored.fact("mails_held") == 4 and restored.channel == "console"
        assert [len(storage().get(name)) for name, _ in storage().names()] == [10]
        assert list(Verification().faults()) == []


def test_a_backup_that_is_made_while_people_write_is_of_one_instant(
    app: Flask, run: Run, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    stop, written = threading.Event(), list[int]()

    def write() -> None:
        with app.app_context():
            while not stop.is_set():
                written.append(a_company(nib="new").id)
            db.session.remove()

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    try:
        before = len(written)
        made = run("backup", str(tmp_path / "b"), "--without-files")
        assert len(written) > before, "nobody waited for it"
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert made.exit_code == 0, made.output
    done = elsewhere.flask("restore", str(only_backup(tmp_path / "b")))
    assert done.exit_code == 0, done.output
    assert "the backup holds no files" in done.stderr


def test_held_mails_leave_when_a_person_lets_them(
    app: Flask, backup: Path, elsewhere: Elsewhere
) -> None:
    assert elsewhere.flask("restore", str(backup)).exit_code == 0
    shown = elsewhere.flask("store", "release-mail", "--list")
    assert shown.stdout.split() == ["1", "contoh", "2", "nota.conveyed"]
    with elsewhere.there():
        assert deliver_due(lambda _: None)["sent"] == 0
    assert "3 mails leave now" in elsewhere.flask("store", "release-mail").stdout
    assert "0 mails leave now" in elsewhere.flask("store", "release-mail").stdout
    with elsewhere.there():
        assert deliver_due(lambda _: None)["sent"] == 3
        assert db.session.scalar(
            sa.select(sa.func.count()).where(Event.kind == "store.mails_released")
        )


def test_a_store_that_was_put_back_by_other_means_ends_the_same_way(
    app: Flask, run: Run, browser
) -> None:
    ina = browser("ina")
    a_mail()
    done = run("store", "recovered", "--numbers-after", "9")
    assert "1 sessions ended" in done.stdout and "1 mails held" in done.stdout
    assert "check goes on after 9" in done.stdout
    assert ina.get("/field").path == "/login"
    assert list(Verification().faults()) == []


def test_held_mails_can_be_given_up_and_an_admin_sees_that_they_wait(
    app: Flask, run: Run, browser
) -> None:
    a_mail()
    with transaction():
        db.session.execute(sa.update(Message).values(held_at=clock.now()))
    page = browser("adi").get("/admin/jobs").html
    assert "1 surel ditahan sejak pemulihan dari cadangan." in page
    assert "1 mails given up" in run("store", "release-mail", "--drop").stdout
    assert "ditahan sejak" not in browser("adi").get("/field").html
    message = db.session.scalars(sa.select(Message)).one()
    assert message.given_up_at is not None and message.next_try_at is None


def test_tokens_and_numbers_are_as_the_operator_says(
    app: Flask, run: Run, backup: Path, elsewhere: Elsewhere
) -> None:
    with transaction():
        secret = add_token_at_console(user("lia"), label="loket")
    run("backup", str(backup.parent / "c"))
    wrong = elsewhere.flask("restore", str(backup), "--numbers-after", "nota=x")
    assert wrong.exit_code == 1 and "NAME=LAST" in wrong.stderr
    done = elsewhere.flask(
        "restore",
        str(only_backup(backup.parent / "c")),
        "--keep-tokens",
        "--numbers-after",
        "0",
        "--numbers-after",
        "nota=57",
    )
    assert done.exit_code == 0, done.output
    with elsewhere.there():
        assert caller_with(secret) is not None
        with transaction():
            assert (next_serial("nota", 2026), next_serial("case", 2026)) == (58, 2)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ApiToken)) == 1


def test_only_an_empty_place_takes_a_backup(
    app: Flask, backup: Path, elsewhere: Elsewhere, store
) -> None:
    if store.name == "sqlite":
        file = Path(make_url(elsewhere.url).database or "")
        file.parent.mkdir()
        for ending, line in (("-wal", "would play"), ("-shm", "would play"), ("", "empty place")):
            left = Path(f"{file}{ending}")
            left.touch()
            refused = elsewhere.flask("restore", str(backup))
            assert refused.exit_code == 4 and line in refused.stderr
            assert len(refused.stderr.splitlines()) == 1
            left.unlink()
        assert list(file.parent.iterdir()) == []
    assert elsewhere.flask("restore", str(backup)).exit_code == 0
    refused = elsewhere.flask("restore", str(backup))
    assert refused.exit_code == 4 and len(refused.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("place", "with_sum"), [(0.02, False), (0.5, False), (0.97, False), (0.999, True)]
)
def test_a_flipped_bit_is_refused_and_nothing_is_put_in_place(
    app: Flask, backup: Path, elsewhere: Elsewhere, place: float, with_sum: bool
) -> None:
    content = bytearray(backup.read_bytes())
    at = int(len(content) * place)
    while not with_sum and content[at] == 0:
        at -= 1  # without the sum beside it, what fills the tar up between two files is nobody's
    content[at] ^= 4
    backup.write_bytes(content)
    if not with_sum:
        backup.with_name(backup.name + ".sha256").unlink()
    refused = elsewhere.flask("restore", str(backup))
    assert refused.exit_code in (1, 7), refused.output
    with elsewhere.there():
        if db.engine.dialect.name == "sqlite":
            assert not Path(db.engine.url.database or "").exists()
        else:
            assert sa.inspect(db.engine).get_table_names() == []


def test_a_backup_of_another_kind_or_migration_is_refused(
    app: Flask, backup: Path, elsewhere: Elsewhere, store, request, tmp_path: Path
) -> None:
    if store.name == "sqlite":
        server: Server = request.getfixturevalue("server")
        name = f"other_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
        server.drop(name)
        other = Elsewhere(server.make(name), tmp_path)
    else:
        name, server = "", request.getfixturevalue("server")
        other = Elsewhere(f"sqlite:///{tmp_path / 'other.sqlite3'}", tmp_path)
    refused = other.flask("restore", str(backup))
    assert refused.exit_code == 1 and "flask store copy" in refused.stderr
    if name:
        server.drop(name)
    with transaction():
        db.session.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    make_backup(tmp_path / "old")  # as the Patuh of that migration did
    with transaction():
        db.session.execute(sa.text(f"UPDATE alembic_version SET version_num = '{REVISIONS[-1]}'"))
    refused = elsewhere.flask("restore", str(only_backup(tmp_path / "old")))
    assert refused.exit_code == 5 and "at migration 0001" in refused.stderr


def test_an_encrypted_backup_needs_its_key(
    app: Flask, run: Run, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    a_stored_file()
    keys = {}
    for name in ("right", "wrong"):
        key = X25519PrivateKey.generate()
        keys[name] = tmp_path / f"{name}.key"
        keys[name].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        (tmp_path / f"{name}.pub").write_bytes(
            key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        )
    made = run("backup", str(tmp_path / "b"), "--encrypt-to", str(tmp_path / "right.pub"))
    assert made.exit_code == 0, made.output
    backup = only_backup(tmp_path / "b")
    assert backup.name.endswith(".tar.enc") and b"manifest" not in backup.read_bytes()
    for words, line in (
        ((), "name the private key"),
        (("--key", str(keys["wrong"])), "to another key"),
        (("--key", str(tmp_path / "right.pub")), "no key in PEM"),
    ):
        refused = elsewhere.flask("restore", str(backup), *words)
        assert refused.exit_code == 1 and line in refused.stderr
    drilled = run("backup", "drill", str(tmp_path / "b"), "--key", str(keys["right"]))
    assert drilled.exit_code == 0, drilled.output
    done = elsewhere.flask("restore", str(backup), "--key", str(keys["right"]))
    assert done.exit_code == 0, done.output


KILLED = """
import os, signal, sys
from compliance.store import cli
cli.finish_restore = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
from flask.cli import main
sys.argv = ["flask", "restore", os.environ["BACKUP"]]
main()
"""


@pytest.mark.processes
def test_a_restore_that_is_cut_off_sends_nothing_and_is_ended_by_the_same_command(
    app: Flask, run: Run, backup: Path, elsewhere: Elsewhere
) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", KILLED],
        cwd=ROOT,
        env=environment(
            elsewhere.url, elsewhere.folder, PATUH_FILES=elsewhere.files, BACKUP=str(backup)
        ),
        capture_output=True,
        text=True,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    with elsewhere.there():
        mode = read_only_mode()
        assert mode is not None and mode.because == UNFINISHED_RESTORE
    paused = elsewhere.flask("jobs", "run", "deliver_messages")
    assert paused.exit_code == 1 and "nothing is written" in paused.stdout
    a_case()
    run("backup", str(backup.parent / "later"))
    refused = elsewhere.flask("restore", str(only_backup(backup.parent / "later")))
    assert refused.exit_code == 4 and "of another backup" in refused.stderr
    done = elsewhere.flask("restore", str(backup))
    assert done.exit_code == 0, done.output
    with elsewhere.there() as there:
        assert read_only_mode() is None
        assert verified(there)[0] == 0


def test_the_drill_says_how_long_it_takes_and_what_would_be_lost(
    app: Flask, run: Run, backup: Path, at: Callable[[str], None], store
) -> None:
    at("2026-11-30 12:00")
    a_case()
    before = (
        set(Path(db.engine.url.database or "").parent.glob("*")) if store.name == "sqlite" else ()
    )
    drilled = run("backup", "drill", str(backup.parent))
    assert drilled.exit_code == 0, drilled.output
    assert re.match(rf"{backup.name} restored and verified in 0\.\d minutes", drilled.stdout)
    assert "lost would be 3.0 hours" in drilled.stdout and "1 cases" in drilled.stdout
    if store.name == "sqlite":
        assert set(Path(db.engine.url.database or "").parent.glob("*")) == before
    nothing = run("backup", "drill", str(backup.parent / "none"))
    assert nothing.exit_code == 1 and "there is no backup in" in nothing.stderr
    shutil.copyfile(backup, backup.with_name("patuh-20270101T000000Z.tar"))
    newest = backup.with_name("patuh-20270101T000000Z.tar")
    newest.write_bytes(newest.read_bytes()[:5000])
    broken = run("backup", "drill", str(backup.parent))
    assert broken.exit_code == 1 and "cut off" in broken.stderr
