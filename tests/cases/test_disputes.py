"""A company objects, appeals or sues: recorded, followed, ended; licensing reads that it is disputed."""

from __future__ import annotations

from datetime import date

import pytest

from compliance.cases.disputes.commands import change_dispute, record_dispute
from compliance.cases.models import Case
from compliance.core.db import db, transaction
from compliance.core.errors import Invalid, Refusal
from tests.factories import a_case, a_company, user
from tests.licensing.desk import NIB, Clock, Open, ask


def test_a_dispute_is_recorded_followed_and_ended_and_licensing_reads_it(
    browser: Open, at: Clock
) -> None:
    number = a_case(company=a_company("PT Contoh Bahari", nib=NIB)).number
    at("2026-12-10")
    ina, address = browser("ina"), f"/cases/{number}"
    assert "Tidak ada keberatan, banding, atau gugatan yang dicatat." in ina.get(address).text
    page = ina.submit(f"{address}/dispute", kind="objection", filed_on="11-12-2026")
    assert (page.status, page.value("filed_on")) == (422, "11-12-2026")
    page = ina.submit(f"{address}/dispute", kind="objection", filed_on="9-12-2026", number="K/1")
    assert page.path == address
    assert "Keberatan , diajukan 9 Desember 2026, K/1" in page.text
    assert "Keberatan perusahaan, diajukan 9 Desember 2026" in page.text
    words = "sedang disengketakan sejak 9 Desember 2026"
    lia = browser("lia")
    receipt = ask(lia, NIB)
    assert f"Nota 560/001-NP/XI/2026 {words}." in receipt.text
    assert words in lia.get(address).text
    (change,) = {link for link in ina.get(address).links() if "/disputes/" in link}
    page = ina.submit(change, stage="Dijawab dinas")
    assert "Dijawab dinas" in page.text
    page = ina.submit(change, outcome="", ended_on="10-12-2026")
    assert "Tuliskan hasilnya" in page.text
    page = ina.submit(change, outcome="Ditolak", ended_on="10-12-2026")
    assert "berakhir 10 Desember 2026: Ditolak" in page.text
    assert "disengketakan" not in ask(browser("lia"), NIB).text
    assert words in browser("lia").get(receipt.path).text
    assert ina.submit(change, outcome="Dikabulkan", ended_on="10-12-2026").status == 409
    for who, status in (("budi", 404), ("tika", 200), ("sari", 200), ("lia", 403), ("adi", 403)):
        assert browser(who).get(f"{address}/dispute").status == status, who


@pytest.mark.one_store
@pytest.mark.usefixtures("app")
def test_a_case_is_disputed_while_any_dispute_is_open() -> None:
    case = a_case(issued_on=date(2026, 11, 2))
    facts = {"case": case, "by": user("tika")}
    with transaction():
        first = record_dispute(case, by=user("tika"), kind="objection", filed_on=date(2026, 11, 5))
        record_dispute(case, by=user("tika"), kind="lawsuit", filed_on=date(2026, 11, 20))
        assert case.disputed_since == date(2026, 11, 5)
        change_dispute(first, **facts, outcome="Ditolak", ended_on=date(2026, 11, 18))
        assert case.disputed_since == date(2026, 11, 20)
    with pytest.raises(Refusal, match="sudah berakhir"):
        change_dispute(first, **facts, outcome="Lagi", ended_on=date(2026, 11, 19))
    with pytest.raises(Invalid) as refused:
        record_dispute(case, by=user("tika"), kind="other", filed_on=date(2026, 11, 1))
    assert set(refused.value.errors) == {"kind", "filed_on"}
    assert db.session.get_one(Case, case.id).status == "in_remedy"
