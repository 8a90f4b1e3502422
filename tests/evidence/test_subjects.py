"""What evidence can be about: a case or draft, its findings, visits, letters and flags."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from compliance.cases.commands.drafts import discard_draft, start_draft
from compliance.cases.commands.nota import issue_nota
from compliance.cases.models import Case, Visit
from compliance.cases.rules import FindingFacts, NotaFacts
from compliance.core.db import db, transaction
from compliance.evidence.jobs import make_clean_copies
from compliance.letters.models import Letter
from compliance.licensing.models import Flag
from tests.api.conftest import fields
from tests.evidence.known import add, all_evidence
from tests.factories import a_case, a_company, a_visit, user
from tests.files.pictures import broken_picture, pdf, picture
from tests.licensing.desk import Clock, Open

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.one_store]


def subjects_of(case_id: int) -> dict[str, str]:
    """A visit, a letter and a flag of the case, as `kind:id`."""
    found = {
        "visit": db.session.scalar(sa.select(Visit.id).where(Visit.case_id == case_id)),
        "letter": db.session.scalar(sa.select(Letter.id).where(Letter.case_id == case_id)),
        "flag": db.session.scalar(sa.select(Flag.id).where(Flag.case_id == case_id)),
    }
    return {kind: f"{kind}:{id}" for kind, id in found.items()}


def test_the_api_and_the_page_take_evidence_about_each_kind_and_of_no_other_case(
    api: Callable[..., Any], browser: Open, at: Clock
) -> None:
    mine, other = a_case(), a_case()
    number, id, other_id = mine.number, mine.id, other.id
    at("2027-03-01")
    for case in (mine, other):
        a_visit(db.session.get_one(Case, case.id), "not_complied", registered=28)
    own, foreign = subjects_of(id), subjects_of(other_id)
    program, page = api("ina"), browser("ina")
    for place, kind in enumerate(own):
        for about, status in ((own[kind], 201), (foreign[kind], 422)):
            sent = program.send(
                "POST",
                f"/cases/{id}/evidence",
                data={"about": about, "file": (io.BytesIO(_photo(place)), "a.jpg")},
                content_type="multipart/form-data",
            )
            assert sent.status_code == status, (kind, sent.text)
            if status == 201:
                assert sent.json["about"] == about
            else:
                assert fields(sent) == {"about"}
        file = (io.BytesIO(_photo(place + 10)), "b.jpg")
        refused = page.post(
            f"/cases/{number}/files", {"about": foreign[kind], "class": "normal", "file": file}
        )
        assert (refused.status, "Pilih bukti ini tentang apa." in refused.text) == (422, True)
    seen = page.get(f"/cases/{number}/files").text
    for words in ("Kunjungan 1 Maret 2027", "Nota Pemeriksaan I", "Catatan hasil cek ulang, sejak"):
        assert words in seen, words
    chosen = page.get(f"/cases/{number}/files?about={own['visit']}")
    assert chosen.value("about") == own["visit"]
    assert len(all_evidence()) == 3


def _photo(place: int) -> bytes:
    """A photo unlike the others."""
    return picture(size=(64, 48 + place))


def a_draft(by: str = "ina") -> Case:
    with transaction():
        return start_draft(a_company(), by=user(by), draft_key=str(uuid.uuid4()))


def test_a_draft_takes_photos_and_keeps_them_when_it_is_issued(browser: Open) -> None:
    draft = a_draft()
    address, id = f"/notas/{draft.draft_key}", draft.id
    ina = browser("ina")
    page = ina.post(
        f"{address}/photos",
        {
            "about": f"case:{id}",
            "class": "normal",
            "note": "Papan nama",
            "file": (io.BytesIO(pdf()), "a.pdf"),
        },
    )
    assert "Bukti disimpan." in page.text
    assert "Papan nama" in page.text
    assert "Papan nama" in ina.get(f"{address}/review").text
    with transaction():
        case = db.session.get_one(Case, id)
        _issue(case)
    landed = ina.get(f"{address}/photos")
    assert landed.path == f"/cases/{db.session.get_one(Case, id).number}/files"
    assert "Papan nama" in landed.text


def _issue(case: Case) -> None:
    day = date(2026, 11, 30)
    facts = NotaFacts(day, day, 40, 28, [FindingFacts("JS-02")])
    issue_nota(case, by=user("ina"), facts=facts)


def test_a_draft_is_its_inspectors_and_the_supervisors(browser: Open) -> None:
    draft = a_draft()
    address, id = f"/notas/{draft.draft_key}/photos", draft.id
    evidence = add(id)
    for who, seen in {
        "ina": True,
        "sari": True,
        "budi": False,
        "tika": False,
        "lia": False,
    }.items():
        reader = browser(who)
        for page in (address, f"/evidence/{evidence}"):
            assert (reader.get(page).status == 200) == seen, (who, page)


def test_photos_of_a_discarded_draft_are_withdrawn_and_kept(browser: Open) -> None:
    draft = a_draft()
    id = draft.id
    add(id)
    add(id, broken_picture(), name="b.png")
    with transaction():
        discard_draft(db.session.get_one(Case, id), by=user("ina"))
    assert [item.withdrawn_because for item in all_evidence()] == ["Draf nota dihapus."] * 2
    assert make_clean_copies() == {"cleaned": 0, "unreadable": 1}
    assert browser("ina").get(f"/evidence/{all_evidence()[0].id}").status == 404
