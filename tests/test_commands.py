"""The `flask` commands that other systems are built on: what they print, and how they end."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from compliance import create_app
from compliance.core.db import db, transaction
from compliance.office.queries import find_office
from compliance.office.settings import today
from compliance.people.queries import caller_with
from tests.conftest import a_config
from tests.factories import a_case, user


def run(app: Flask, *words: str, typed: str | None = None) -> Result:
    db.session.rollback()
    return app.test_cli_runner().invoke(args=list(words), input=typed)


def test_a_person_is_added_with_a_password_and_can_sign_in(app: Flask, browser) -> None:
    added = run(
        app,
        "user",
        "add",
        "Baru@Contoh.example",
        "--name",
        "Baru Contoh",
        "--role",
        "licensing",
        "--office",
        "ptsp-53.08",
        "--password-stdin",
        typed="kata sandi baru\n",
    )
    assert (added.exit_code, added.stdout) == (0, "added baru@contoh.example as licensing\n")
    assert browser().sign_in("baru@contoh.example", "kata sandi baru").path == "/check"


def test_a_person_who_cannot_be_is_refused_with_one_sentence(app: Flask) -> None:
    for words, said in (
        (("ina@contoh.example", "--name", "Ina", "--role", "admin"), "sudah dipakai Ina Contoh"),
        (
            ("x@contoh.example", "--name", "X", "--role", "licensing"),
            "harus punya kantor perizinan",
        ),
        (
            ("x@contoh.example", "--name", "X", "--role", "licensing", "--office", "ptsp-99"),
            "no office with the code ptsp-99",
        ),
        (("bukan surel", "--name", "X", "--role", "admin"), "alamat surel yang lengkap"),
    ):
        refused = run(app, "user", "add", *words)
        assert refused.exit_code == 1
        assert said in refused.output
        assert "Traceback" not in refused.output


def test_a_token_is_printed_once_and_alone_and_acts_as_its_user(app: Flask) -> None:
    made = run(app, "token", "add", "ina@contoh.example", "--name", "Jembatan data", "--days", "30")
    assert made.exit_code == 0
    caller = caller_with(made.stdout.strip())
    assert caller is not None
    assert caller.id == user("ina").id
    assert run(app, "token", "add", "nobody@contoh.example", "--name", "x").exit_code == 1


def test_a_job_runs_once_and_says_what_it_did(app: Flask, at) -> None:
    a_case()
    at("2027-03-01 06:00")
    assert today().isoformat() == "2027-03-01"
    assert run(app, "jobs", "run", "sweep_due_rechecks").stdout == "sweep_due_rechecks: due 1\n"
    assert (
        run(app, "jobs", "run", "sweep_due_rechecks").stdout
        == "sweep_due_rechecks: nothing to do\n"
    )
    assert "sweep_due_rechecks" in run(app, "jobs", "list").stdout
    assert run(app, "jobs", "run", "no_such_job").exit_code == 1


def test_the_demo_refuses_a_database_that_is_not_empty(app: Flask) -> None:
    refused = run(app, "demo")
    assert refused.exit_code == 1
    assert "sudah berisi" in refused.output
    kept = run(app, "demo", "--unless-filled")
    assert kept.exit_code == 0
    assert "pengawas@demo.example" in kept.stdout


@pytest.mark.one_store
@pytest.mark.parametrize(
    "words",
    ["demo", "check 9120001234567", "user add x@contoh.example --name X --role admin",
     "jobs list", "audit verify"],
)  # fmt: skip
def test_a_database_without_tables_is_told_with_what_to_do(tmp_path: Path, words: str) -> None:
    new = create_app(a_config(f"sqlite:///{tmp_path}/new.sqlite3", tmp_path), pages=False)
    refused = new.test_cli_runner().invoke(args=words.split())
    assert refused.exit_code == 1
    assert isinstance(refused.exception, SystemExit)
    assert "flask db upgrade" in refused.output


def test_the_people_are_listed_with_how_they_come_in(app: Flask) -> None:
    with transaction():
        user("budi").active = False
        user("lia").password_hash = None
    listed = run(app, "user", "list").stdout
    assert "ina@contoh.example" in listed
    assert "budi@contoh.example" not in listed
    (lia,) = [line for line in listed.splitlines() if line.startswith("lia@")]
    assert "licensing" in lia
    assert "ptsp-53.71" in lia
    assert lia.endswith("no password yet")
    everybody = run(app, "user", "list", "--all").stdout
    assert "no access" in next(line for line in everybody.splitlines() if line.startswith("budi@"))


def test_access_is_taken_away_at_once_with_its_sessions_and_tokens(app: Flask, browser) -> None:
    ina = browser("ina")
    secret = run(app, "token", "add", "ina@contoh.example", "--name", "Jembatan").stdout.strip()
    ended = run(app, "user", "disable", "ina@contoh.example")
    assert (ended.exit_code, ended.stdout) == (0, "ina@contoh.example has no access any more\n")
    assert ina.get("/field").path == "/login"
    assert caller_with(secret) is None
    assert run(app, "user", "disable", "ina@contoh.example").exit_code == 1
    assert run(app, "user", "disable", "nobody@contoh.example").exit_code == 1


def test_a_lost_password_is_set_by_a_link_that_is_printed(app: Flask, browser) -> None:
    printed = run(app, "user", "password-link", "ina@contoh.example").stdout.strip()
    assert printed.startswith("http://127.0.0.1:8000/reset-password/")
    assert browser().get(printed.removeprefix("http://127.0.0.1:8000")).status == 200


def test_tokens_are_listed_without_their_secrets_and_revoked_by_number(app: Flask) -> None:
    secret = run(app, "token", "add", "ina@contoh.example", "--name", "Jembatan").stdout.strip()
    run(app, "token", "add", "lia@contoh.example", "--name", "Loket")
    listed = run(app, "token", "list").stdout
    owners = [line.split()[1] for line in listed.splitlines()]
    assert owners == ["ina@contoh.example", "lia@contoh.example"]
    (line,) = run(app, "token", "list", "ina@contoh.example").stdout.splitlines()
    assert "until 2027-11-30  Jembatan" in line
    assert secret not in listed
    number = line.split()[0]
    revoked = run(app, "token", "revoke", number)
    assert revoked.stdout == "revoked Jembatan of ina@contoh.example\n"
    assert caller_with(secret) is None
    assert run(app, "token", "revoke", number).exit_code == 1
    assert run(app, "token", "list", "ina@contoh.example").stdout == ""


def test_offices_are_listed_by_the_codes_that_commands_take(app: Flask) -> None:
    with transaction():
        kupang = find_office("ptsp-53.71")
        assert kupang is not None
        kupang.email = "loket@contoh.example"
        kupang.legal_basis = None
    first, *_ = listed = run(app, "offices").stdout.splitlines()
    assert first.split()[1] == "inspectorate"
    (line,) = [line for line in listed if line.startswith("ptsp-53.71 ")]
    assert line.endswith("loket@contoh.example  no legal basis")
