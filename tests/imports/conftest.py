"""Importing a list as somebody at a terminal would."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from compliance.core.db import db
from compliance.imports.commands.job import CHUNK
from tests.browser import Browser
from tests.imports.importer import Desk

HEADER = "Nama Perusahaan;NIB;NPWP;NPP;Kabupaten/Kota;Alamat;Telepon;Jumlah Pekerja;Alias"


def a_list(*rows: str) -> str:
    """A csv of these rows, under the usual header."""
    return "\n".join([HEADER, *rows])


@dataclass
class Ran:
    """What a run of the command printed and reported."""

    exit_code: int
    output: str
    lines: list[dict[str, str]]

    @property
    def outcomes(self) -> list[str]:
        return [line["outcome"] for line in self.lines]


Run = Callable[..., Ran]


@pytest.fixture
def run(app: Flask, tmp_path: Path) -> Run:
    """Import `content` (or a file) as somebody at a terminal would, with a report."""

    def import_list(content: str | Path, *options: str, report: bool = True) -> Ran:
        file = content
        if isinstance(content, str):
            file = tmp_path / "daftar.csv"
            file.write_text(content)
        target = tmp_path / "laporan.csv"
        args = ["companies", "import", str(file), *options]
        result = app.test_cli_runner().invoke(
            args=[*args, "--report", str(target)] if report else args
        )
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        lines = list(csv.DictReader(target.open(encoding="utf-8-sig"))) if target.exists() else []
        db.session.expire_all()
        return Ran(result.exit_code, result.output, lines)

    return import_list


@pytest.fixture
def desk(browser: Callable[..., Browser]) -> Desk:
    """Tika of the compliance team, with a list to import."""
    return Desk(browser("tika"))


MANY = 2 * CHUNK + 20


def long_list(count: int = MANY) -> str:
    return a_list(*(f"PT Contoh {at};91{at:011};;;Ende;;;;" for at in range(count)))
