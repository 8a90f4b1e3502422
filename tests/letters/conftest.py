"""What the tests of letters share: a signed office, letters made through the API, and a PDF's words."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pypdf
import pytest

from compliance.core.db import transaction
from compliance.office.signatories.commands import add_signatory
from tests.api.conftest import api as api
from tests.api.conftest import secret as secret
from tests.factories import a_case, a_company, user

FILLED: dict[str, dict[str, Any]] = {
    "ba": {
        "held_on": "2026-11-30",
        "met_name": "Rina Umpama",
        "met_position": "staf personalia",
        "result": "Dua belas pekerja bagian gudang belum terdaftar",
        "documents": ["daftar upah"],
    },
    "ba_refusal": {
        "held_on": "2026-11-30",
        "refused": "memperlihatkan daftar upah",
        "refused_by": "Rina Umpama, staf personalia",
        "witness": "Yos Andai",
    },
    "cover_ptsp": {"cover": "information"},
    "recheck_notice": {"visit_on": "2027-03-01", "visit_at": "09.30"},
    "noncompliance_report": {"proposal": "pengenaan sanksi administratif"},
    "recommendation": {"official": "Wali Kota Kupang"},
    "clearance_letter": {"proof": ["sertifikat Nomor 12", "bukti iuran Oktober 2026"]},
    "certificate": {"proof": ["sertifikat Nomor 12"]},
}
"""What each kind of letter of a case is asked, filled in."""


def words_of(content: bytes) -> str:
    """All words of a PDF, folded."""
    reader = pypdf.PdfReader(io.BytesIO(content))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@pytest.fixture
def head(app: object) -> None:
    """The office has a head who signs."""
    with transaction():
        add_signatory(
            by=user("adi"),
            name="Rosa Umpama, M.Si.",
            title="Kepala Dinas",
            rank="Pembina",
            nip=None,
            from_on=date(2026, 1, 5),
            until_on=None,
        )


@pytest.fixture
def case_id(head: None) -> int:
    company = a_company(
        "PT Contoh Bahari Timur", nib="9120001234567", address="Jalan Contoh 12\nOebobo"
    )
    return a_case(company=company, workers=(40, 28), violations=("JS-02", "JS-04")).id


def ready_for(kind: str, api: Any, case_id: int, at: Any) -> None:
    """Bring the case to where a letter of this kind can be made (grounds)."""
    ina = api("ina")
    if kind in ("noncompliance_report", "recommendation"):
        done = [
            ina.post(f"/cases/{case_id}/receipt", received_on="2026-11-30", received_by="Rina, HRD")
        ]
        at("2026-12-20 09:00")
        done.append(ina.post(f"/cases/{case_id}/second-nota", issued_on="2026-12-20"))
        receipt = {"received_on": "2026-12-20", "received_by": "Rina, HRD", "kind": "II"}
        done.append(ina.post(f"/cases/{case_id}/receipt", **receipt))
        at("2026-12-30 09:00")
        assert [answer.status_code for answer in done] == [200, 201, 200], [
            one.text for one in done
        ]
    if kind == "recommendation":
        report = ina.post(f"/cases/{case_id}/letters", kind="noncompliance_report").json
        assert ina.post(f"/letters/{report['id']}/number").status_code == 200
    if kind == "clearance_letter":
        findings = [one["id"] for one in ina.get(f"/cases/{case_id}").json["findings"]]
        at("2027-03-02 09:00")
        missed = {"visited_on": "2027-03-01", "outcome": "not_complied", "workers_registered": 28}
        assert ina.post(f"/cases/{case_id}/visits", **missed).status_code == 201
        seen = {
            "visited_on": "2027-03-02",
            "outcome": "complied",
            "fixed": findings,
            "proof": "Sertifikat 12, iuran Oktober",
        }
        answer = ina.post(
            f"/cases/{case_id}/visits", **seen, workers_total=40, workers_registered=40
        )
        assert answer.status_code == 201, answer.text
