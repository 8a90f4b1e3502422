"""A command starts without the pages; whatever serves them has loaded all of it before the first request."""

from __future__ import annotations

import json
import subprocess
import sys

import click
import pytest
from flask import Flask
from flask.cli import FlaskGroup

from compliance.core.db import db
from compliance.web.commandline import looks_for_a_command
from tests.house.source import ROOT
from tests.journeys.processes import environment

SLOW = ("alembic", "email_validator", "holidays", "pydantic", "spectree", "xlsxwriter")
COMMAND = f"""
import json, os, sys
from flask.cli import cli
cli.main(["jobs", "list"], standalone_mode=False)
import wsgi
from compliance.core.db import db
from compliance.reference.regions import COUNTRY_TABLE
slow = [name for name in {SLOW} if name in sys.modules]
slow += ["districts"] if "_districts" in vars(COUNTRY_TABLE) else []
routes = list(map(str, wsgi.app.url_map.iter_rules()))
print()
print(json.dumps([slow, routes, sorted(db.metadata.tables), oct(os.umask(0))]))
"""


@pytest.mark.one_store
@pytest.mark.processes
def test_a_command_loads_neither_pages_nor_what_only_they_need(app: Flask, database, tmp_path):
    ended = subprocess.run(
        [sys.executable, "-c", COMMAND],
        cwd=ROOT,
        env=environment(database, tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "sweep_due_rechecks" in ended.stdout
    slow, routes, tables, umask = json.loads(ended.stdout.splitlines()[-1])
    assert (slow, routes) == ([], [])
    assert umask == "0o77", "what it makes is for its own user alone"
    assert tables == sorted(db.metadata.tables), "`flask db` compares the store with all models"


def test_only_flask_looking_for_a_command_of_ours_gets_no_pages() -> None:
    assert not looks_for_a_command(), "a server loads wsgi.py outside of every command"
    with click.Context(FlaskGroup()) as flask:
        assert looks_for_a_command(), "`flask jobs list` and `flask --help`"
        with click.Context(click.Command("run"), parent=flask):
            assert not looks_for_a_command(), "`flask run` serves pages, `flask routes` lists them"
    with click.Context(click.Group("a server written with click")):
        assert not looks_for_a_command()
