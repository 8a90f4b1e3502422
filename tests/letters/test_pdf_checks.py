"""What other programs say of our PDFs: structure, marks of PDF/A and PDF/UA, the order of reading."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import outloud
import pdfua
import pikepdf
import pytest

from compliance.core.db import db
from compliance.files.storage import hash_of
from compliance.letters.examples import example_letter
from compliance.letters.kinds import LETTER_KINDS
from compliance.letters.rules import Signer
from compliance.office.letterheads.queries import letterhead_facts
from tests.house.source import ROOT
from tests.letters.conftest import words_of

pytestmark = [pytest.mark.one_store, pytest.mark.usefixtures("app")]
DAY = date(2026, 11, 30)
HEAD = Signer(("Kepala Dinas,",), "Déwi Ñusa Çontoh, M.Si.", "Pembina", None)


def an_example(kind: str) -> bytes:
    return example_letter(kind, DAY, letterhead=letterhead_facts("53", DAY), head=HEAD)


@pytest.mark.parametrize("kind", LETTER_KINDS)
def test_every_kind_of_letter_passes_two_checkers_of_accessibility(
    kind: str, tmp_path: Path
) -> None:
    file = tmp_path / f"{kind}.pdf"
    file.write_bytes(an_example(kind))
    errors = [one for one in outloud.check(str(file)).findings if one.severity == "error"]
    assert errors == []
    assert list(pdfua.validate(str(file)).findings) == []
    with pikepdf.open(file) as pdf:
        marks = pdf.open_metadata()
        assert (marks["pdfaid:part"], marks["pdfaid:conformance"]) == ("3", "A")
        assert marks["pdfuaid:part"] == "1"
        assert pdf.check_pdf_syntax() == []


def test_words_come_out_in_the_order_of_reading_with_all_their_signs() -> None:
    said = words_of(an_example("nota_1"))
    order = [
        "Nomor",
        "Yth. Pimpinan",
        "Berdasarkan pemeriksaan",
        "Fakta",
        "Perintah",
        "Demikian Nota",
    ]
    places = [said.index(words) for words in order]
    assert places == sorted(places)
    assert "Déwi Ñusa Çontoh, M.Si." in said


@pytest.mark.processes
def test_the_same_facts_make_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    head = letterhead_facts("53", DAY)
    here = example_letter("nota_1", DAY, letterhead=head, head=HEAD)
    program = (
        "import json,sys;from datetime import date;from compliance import create_app;"
        "from compliance.letters.examples import example_letter;from compliance.letters.rules import Signer;"
        "from compliance.files.storage import hash_of;app=create_app(pages=False);"
        "context=app.app_context();context.push();given=json.load(sys.stdin);"
        "head=Signer(('Kepala Dinas,',),'D\\u00e9wi \\u00d1usa \\u00c7ontoh, M.Si.','Pembina',None);"
        "print(hash_of(example_letter('nota_1',date(2026,11,30),letterhead=given,head=head)))"
    )
    environ = {
        "DATABASE_URL": db.engine.url.render_as_string(hide_password=False),
        "PATH": "/usr/bin",
    }
    db.session.remove()  # the other process writes as it starts
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps(head),
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == hash_of(here), done.stderr[-500:]
