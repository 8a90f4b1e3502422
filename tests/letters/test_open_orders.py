"""What Nota II and the report of non-compliance list: the orders that are open, the notas, the evidence."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from compliance.cases.models import Finding
from compliance.core.db import db, transaction
from compliance.evidence.commands import withdraw_evidence
from compliance.evidence.queries import load_evidence
from compliance.files.storage import hash_of
from compliance.letters.jobs import set_letters
from tests.evidence.known import add
from tests.factories import user
from tests.files.pictures import pdf, picture
from tests.letters.conftest import FILLED, ready_for, words_of
from tests.licensing.desk import Clock

pytestmark = pytest.mark.one_store
ORDERS = {
    "JS-02": "Mendaftarkan seluruh pekerja yang belum terdaftar dan melunasi iurannya.",
    "JS-04": "Mengikutsertakan seluruh pekerja pada program wajib yang belum diikuti",
}


def the_words(api: Any, case_id: int, kind: str) -> str:
    """What the letter of this kind, the last one, says."""
    set_letters()
    letters = api("ina").get(f"/cases/{case_id}/letters").json["items"]
    letter = [one for one in letters if one["kind"] == kind][-1]
    return words_of(api("ina").get(f"/letters/{letter['id']}/pdf").data)


def settle(case_id: int, code: str, on: str) -> None:
    from datetime import date

    with transaction():
        findings = db.session.scalars(sa.select(Finding).where(Finding.case_id == case_id))
        (one,) = [each for each in findings if each.violation.code == code]
        one.fixed_on = date.fromisoformat(on)


@pytest.mark.parametrize(
    ("settled_on", "listed"),
    [(None, ["JS-02", "JS-04"]), ("2026-12-18", ["JS-02"]), ("2026-12-20", ["JS-02"])],
)
def test_the_second_nota_lists_the_orders_open_on_its_day(
    api: Any, case_id: int, at: Clock, settled_on: str | None, listed: list[str]
) -> None:
    receipt = {"received_on": "2026-11-30", "received_by": "Rina, HRD"}
    api("ina").post(f"/cases/{case_id}/receipt", **receipt)
    at("2026-12-20 09:00")
    if settled_on:
        settle(case_id, "JS-04", settled_on)
    answer = api("ina").post(f"/cases/{case_id}/second-nota", issued_on="2026-12-20")
    assert answer.status_code == 201, answer.text
    said = the_words(api, case_id, "nota_2")
    assert [code for code, order in ORDERS.items() if order in said] == listed, said
    for words in (
        "Sebagian pekerja belum didaftarkan pada BPJS Ketenagakerjaan",
        "UU 24/2011 pasal 15 ayat (2)",
        "Belum dilaksanakan",
        "Bukti bahwa perintah ini selesai dilaksanakan belum kami terima. Yang ditunggu: Sertifikat",
        f"{len(listed)} ({'dua' if len(listed) == 2 else 'satu'}) perintah",
    ):
        assert words in said, (words, said)


def test_the_report_lists_the_evidence_that_stands(api: Any, case_id: int, at: Clock) -> None:
    add(case_id, picture(), name="papan.jpg", note="Papan nama kantor")
    add(case_id, pdf(), name="upah-rahasia.pdf", note="Daftar upah Rina", class_="restricted")
    gone = add(case_id, picture("PNG"), name="salah.png")
    with transaction():
        evidence, subject = load_evidence(user("ina"), gone, action="evidence.add", for_update=True)
        withdraw_evidence(evidence, subject=subject, by=user("ina"), reason="Salah foto")
    ready_for("noncompliance_report", api, case_id, at)
    ina = api("ina")
    letter = ina.post(
        f"/cases/{case_id}/letters",
        kind="noncompliance_report",
        **FILLED["noncompliance_report"],
    ).json
    assert ina.post(f"/letters/{letter['id']}/number").status_code == 200
    said = the_words(api, case_id, "noncompliance_report")
    for words in (
        *ORDERS.values(),
        "560/001-NP/XI/2026, 30 November 2026",
        "560/002-NP/XII/2026, 20 Desember 2026",
        "20 Desember 2026, Rina, HRD",
        "Papan nama kantor",
        hash_of(picture())[:12],
        "Berkas terbatas",
        hash_of(pdf())[:12],
    ):
        assert words in said, (words, said)
    for words in ("upah-rahasia", "Daftar upah Rina", "salah.png", hash_of(picture("PNG"))[:12]):
        assert words not in said


def test_the_report_says_that_there_is_no_evidence(api: Any, case_id: int, at: Clock) -> None:
    ready_for("noncompliance_report", api, case_id, at)
    ina = api("ina")
    letter = ina.post(f"/cases/{case_id}/letters", kind="noncompliance_report").json
    assert ina.post(f"/letters/{letter['id']}/number").status_code == 200
    assert "Tidak ada bukti yang tersimpan" in the_words(api, case_id, "noncompliance_report")
