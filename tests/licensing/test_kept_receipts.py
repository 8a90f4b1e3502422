"""Receipts that were kept: an answer comes back as it was stored, also one of an earlier release."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.core.db import db, transaction
from compliance.core.text import say
from compliance.licensing.checks.commands import make_check
from compliance.licensing.checks.rules import Answer, CheckedCase, CheckedFlag, Contact
from compliance.licensing.models import LicenceCheck
from compliance.licensing.rules import OBLIGATIONS
from compliance.people.commands.accounts import add_token
from tests.browser import as_a_request_of_its_own
from tests.factories import a_company, user
from tests.licensing.desk import NIB, Clock, Open

pytestmark = pytest.mark.one_store


def test_an_answer_is_restored_as_it_was_stored() -> None:
    case = CheckedCase(
        7,
        "NTT-2026-0001",
        "in_remedy",
        date(2027, 2, 28),
        date(2027, 3, 1),
        None,
        40,
        28,
        "560/001-NP/XI/2026",
        date(2026, 11, 30),
        "Ina Contoh",
        None,
        [OBLIGATIONS["membership"]],
        say("{days} hari sejak nota diterima", days=14),
    )
    answer = Answer(
        verdict="caution",
        word=say("Tidak ada {day}.", day=date(2027, 3, 2)),
        reasons=[say("Satu.")],
        advice=[],
        company=None,
        cases=[case],
        flags=[CheckedFlag("hold", date(2027, 3, 2), "B/1", None, "NTT-2026-0001")],
        cleared_by=[],
        services=[],
        legal_basis=None,
        office="Kantor contoh",
        contact=Contact("Dinas contoh", ""),
        services_untouched=[],
        decide_by=date(2026, 12, 7),
        time_to_decide=say("Paling lambat {last}.", last=date(2026, 12, 7)),
        permit_kind="Izin contoh",
        level="hold",
        conclusion="decide_in_writing",
    )
    assert Answer.restored(json.loads(json.dumps(answer.stored()))) == answer


@pytest.mark.parametrize("missing", [(), ("decide_by", "services_ground", "services_untouched")])
def test_a_receipt_of_an_earlier_release_says_what_it_said(
    app: Flask, browser: Open, at: Clock, missing: tuple[str, ...]
) -> None:
    """The answer as the release of November 2026 kept it, and as the very first one did, without
    three of its parts.
    """
    kept = json.loads((Path(__file__).parent / "receipt_november_2026.json").read_text())
    answer = {name: part for name, part in kept["answer"].items() if name not in missing}
    if not missing:
        stored = Answer.restored(answer).stored()
        stored["cases"] = [
            {name: case[name] for name in answer["cases"][0]} for case in stored["cases"]
        ]
        assert {name: stored[name] for name in answer} == answer
    at("2027-03-10")
    a_company("PT Contoh Bahari Baru", nib=NIB)
    with transaction():
        secret = add_token(user("lia"), by=user("lia"), label="uji coba")
        made = make_check(NIB, None, by=user("lia"), application="IZ/2026/1")
        db.session.execute(sa.update(LicenceCheck).values(answer=answer))
    read = as_a_request_of_its_own(
        app.test_client().get,
        f"/api/v1/clearance/{made.receipt}",
        headers={"Authorization": f"Bearer {secret}"},
    )
    later = {"level", "answer", "time_to_decide", "permit_kind"}
    assert {read.json[name] for name in later} == {None}
    answered = read.json
    for case in answered["cases"]:
        assert case.pop("disputed_since") is None
    other = {"receipt", "checked_at", "verification_code", *missing, *later}
    assert {name: part for name, part in answered.items() if name not in other} == {
        name: part for name, part in kept["response"].items() if name not in other
    }
    for address in (f"/check/{made.receipt}", f"/check/{made.receipt}/print", "/check/history"):
        page = browser("lia").get(address)
        assert page.status == 200
        assert "PT Contoh Bahari" in page.text
        assert "PT Contoh Bahari Baru" not in page.text
    text = browser("lia").get(f"/check/{made.receipt}").text
    for sentence in (
        "dahulu bernama PT Contoh Lama",
        "surat B/12/2026",
        "izin untuk mengikuti tender proyek",
    ):
        assert sentence in text, sentence
    assert ("paling lambat Rabu, 17 Maret 2027" in text) == (not missing)
