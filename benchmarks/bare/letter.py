"""The paper of P6's bare program: the same layout, set by typst from facts put together by hand."""

from __future__ import annotations

import io
import json
import os
import secrets
import tempfile
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import segno
import typst

from benchmarks.bare.log import Act, seal_all
from benchmarks.bare.store import Raw
from benchmarks.province import STAMP, TODAY

LAYOUTS = Path(__file__).resolve().parents[2] / "templates" / "letters"
LETTER = """INSERT INTO letters (case_id, company_id, kind, number, version, revision, status, issued_on,
 facts, options, code, made_at, numbered_at)
 VALUES (?, ?, 'nota_1', ?, 1, 2, 'numbered', ?, ?, '{}', ?, ?, ?) RETURNING id"""
FILE = """INSERT INTO files (sha256, size, kind, stored_at, checked_at) VALUES (?, ?, 'pdf', ?, ?)
 ON CONFLICT (sha256) DO NOTHING"""
WORDS = "Perintah yang tidak dilaksanakan ditindaklanjuti dengan Nota Pemeriksaan II."


def facts_of(number: str, company: str, findings: int) -> dict[str, Any]:
    """What the letter says, in as many words as the application's."""
    finding = {
        "title": "Sebagian pekerja belum didaftarkan pada BPJS Ketenagakerjaan",
        "fact": "Mengenai 12 (dua belas) dari 20 (dua puluh) orang pekerja.",
        "rule": "UU 24/2011 pasal 15 ayat (2); PP 86/2013 pasal 3 ayat (1) huruf b",
        "order": "Mendaftarkan seluruh pekerja yang belum terdaftar dan melunasi iurannya.",
        "limit": "14 (empat belas) hari setelah diterimanya Nota ini",
    }
    return {
        "form": "letter",
        "strip": True,
        "received": {
            "company": "PT Contoh",
            "counting": "Batas waktu dihitung setelah diterimanya; hari penerimaan tidak ikut dihitung.",
        },
        "numbered": True,
        "subject": "Nota Pemeriksaan I",
        "classification": "Rahasia",
        "attachments": "–",
        "number": number,
        "version": 1,
        "date": "24 November 2026",
        "issued": [2026, 11, 24],
        "place": "Kupang",
        "addressee": [f"Yth. Pimpinan {company}"],
        "blocks": [{"paragraph": WORDS}, {"findings": [finding] * findings}],
        "closing": [WORDS],
        "copies": ["Menteri Ketenagakerjaan di Jakarta"] * 4,
        "signers": [
            {"titles": ["Yang memeriksa", "Pengawas,"], "name": "Contoh", "rank": None, "nip": None}
        ],
        "letterhead": {
            "paper": "a4",
            "fonts": [],
            "size": 11,
            "margins": [17, 22, 22, 25],
            "crest": None,
            "government": "Pemerintah Contoh",
            "office": "Dinas Contoh",
            "details": [],
        },
    }


def write_letter(raw: Raw, case: Act, facts: dict[str, Any]) -> tuple[int, str]:
    """The row of the letter, in the transaction of its nota: its id and its code."""
    number, code = facts["number"], secrets.token_hex(5).upper()
    text = json.dumps(facts)
    values = (case.case_id, case.company_id, number, str(TODAY), text, code, STAMP, STAMP)
    id = int(raw.value(LETTER, values))
    told = {"letter_kind": "nota_1", "number": number, "issued_on": {"day": str(TODAY)}}
    seal_all(raw, [_act(case, "letter.numbered", id, told)], STAMP)
    return id, code


def set_letter(raw: Raw, case: Act, id: int, code: str, facts: dict[str, Any]) -> None:
    """Its PDF, made and stored durably, and then named in a transaction."""
    content = _pdf(facts, code)
    name = sha256(content).hexdigest()
    _store(content, name)
    raw.begin()
    raw.run(FILE, (name, len(content), STAMP, STAMP))
    raw.run(
        "UPDATE letters SET file_id = (SELECT id FROM files WHERE sha256 = ?) WHERE id = ?",
        (name, id),
    )
    told = {"letter_kind": "nota_1", "number": facts["number"], "sha256": name}
    seal_all(raw, [_act(case, "letter.set", id, told)], STAMP)
    raw.commit()


def _act(case: Act, kind: str, id: int, facts: dict[str, Any]) -> Act:
    return Act(kind, facts, case.case_id, case.company_id, f"letter:{id}", case.seen_version)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts()


def _pdf(facts: dict[str, Any], code: str) -> bytes:
    address, drawn = f"http://127.0.0.1/verify/{code}", io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", border=0, xmldecl=False)
    check = {"code": code, "address": address, "qr": drawn.getvalue().decode()}
    compiler = typst.Compiler(
        LAYOUTS / "letter.typ",
        root=LAYOUTS,
        font_paths=_fonts(),
        sys_inputs={"facts": json.dumps({**facts, "check": check})},
    )
    made = compiler.compile(
        format="pdf", pdf_standards=["a-3a", "ua-1"], timestamp=datetime(2026, 11, 24, tzinfo=UTC)
    )
    assert isinstance(made, bytes)
    return made


def _store(content: bytes, name: str) -> None:
    folder = Path(tempfile.gettempdir()) / f"bare-files-{os.getpid()}"
    folder.mkdir(exist_ok=True)
    with (folder / name).open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
