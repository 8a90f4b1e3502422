"""Drafts and the field: what is unfinished, what is due, and that counts and lists agree."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.cases.commands.drafts import discard_draft, save_draft, start_draft
from compliance.cases.jobs import discard_old_drafts
from compliance.cases.models import Case
from compliance.companies.models import Company
from compliance.core.db import db, transaction
from compliance.core.errors import NotAllowed, NotFound, Refusal
from compliance.core.events import Event
from compliance.people.models import User
from tests.browser import Browser, Page
from tests.factories import a_case, a_company, a_visit, user
from tests.queries import queries

OpenBrowser = Callable[..., Browser]
pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.one_store]


def a_draft(by: str = "ina", name: str | None = None) -> Case:
    with transaction():
        return start_draft(a_company(name), by=user(by), draft_key=str(uuid.uuid4()))


def section(page: Page, name: str) -> list[str]:
    """The companies named in a section of the field, in order."""
    found = page.soup.find("section", id=name)
    assert found is not None
    return [each.get_text() for each in found.select("li .title")]


def counted(page: Page) -> dict[str, int]:
    return {str(tile["href"])[1:]: int(tile.b.get_text()) for tile in page.soup.select(".tile")}


def test_the_field_of_a_new_inspector_invites_to_the_first_nota(browser: OpenBrowser) -> None:
    page = browser("ina").get("/field")
    assert counted(page) == {"late": 0, "soon": 0, "later": 0}
    assert [link["href"] for link in page.soup.select("main a.btn-go")] == ["/notas/new"]
    assert "Cek ulang terjadwal sendiri begitu nota terbit." in page.text
    assert "Tidak ada yang terlambat." in page.text


def test_the_field_is_where_inspectors_land(browser: OpenBrowser) -> None:
    assert browser().sign_in("ina@contoh.example").path == "/field"


def test_the_field_shows_late_and_coming_rechecks_and_its_counts_equal_its_lists(
    browser: OpenBrowser, at: Callable[[str], None]
) -> None:
    for name, day in (
        ("PT Contoh Lama", "2026-08-03"),
        ("PT Contoh Kemarin", "2026-11-27"),
        ("PT Contoh Senin", "2026-11-30"),
        ("PT Contoh Sabtu", "2026-12-05"),
        ("PT Contoh Ahad", "2026-12-06"),
        ("UD Misal Jauh", "2027-01-04"),
    ):
        at(day)
        a_case(company=a_company(name, address="Jalan Misal 1"))
    at("2026-12-04")
    a_case("budi", company=a_company("PT Contoh Orang Lain"))
    at("2026-12-08")
    a_draft(name="PT Contoh Draf")
    at("2027-03-01")
    page = browser("ina").get("/field")
    # effective on 3 Nov 2026; twice 1 Mar 2027 (27 and 28 Feb are a weekend); 5 Mar; 16 Mar (Nyepi,
    # Idulfitri); 5 Apr
    assert section(page, "late") == ["PT Contoh Lama"]
    assert section(page, "soon") == ["PT Contoh Kemarin", "PT Contoh Senin", "PT Contoh Sabtu"]
    assert section(page, "later") == ["PT Contoh Ahad", "UD Misal Jauh"]
    assert section(page, "drafts") == ["PT Contoh Draf"]
    for name, count in counted(page).items():
        assert len(section(page, name)) == count
        assert f"({count})" in page.soup.find("section", id=name).h2.get_text()
    assert "terlambat 118 hari" in page.text
    assert "jatuh tempo hari ini" in page.text
    assert "Kota Kupang · Jalan Misal 1" in page.text
    at("2027-03-02")
    page = browser("ina").get("/field")
    assert section(page, "late") == ["PT Contoh Lama", "PT Contoh Kemarin", "PT Contoh Senin"]
    assert section(page, "soon") == ["PT Contoh Sabtu"]
    at("2027-03-17")
    page = browser("ina").get("/field")
    assert section(page, "soon") == []
    assert "Berikutnya 5 April 2027: UD Misal Jauh" in page.text


def test_a_company_to_be_rechecked_is_called_with_one_tap(
    browser: OpenBrowser, at: Callable[[str], None]
) -> None:
    a_case(company=a_company("PT Contoh Telepon", phone="0380 123456 (Ani)"))
    a_case(company=a_company("PT Contoh Bisu"))
    at("2027-03-02")
    page = browser("ina").get("/field")
    assert [link for link in page.links() if link.startswith("tel:")] == ["tel:0380123456"]


def test_a_long_day_shows_its_first_rechecks_and_unfolds_the_others(
    browser: OpenBrowser, at: Callable[[str], None]
) -> None:
    for count in range(12):
        a_case(company=a_company(f"PT Contoh Ke-{count:02}"))
    page = browser("ina").get("/field")
    assert "Tampilkan 12 cek ulang" in page.text
    at("2027-03-02")
    page = browser("ina").get("/field")
    late = page.soup.find("section", id="late")
    assert len(section(page, "late")) == 12
    assert len(late.select("details li")) == 2
    assert late.summary.get_text() == "Tampilkan 2 lagi"


def test_a_recheck_that_was_done_leaves_the_field(browser: OpenBrowser) -> None:
    a_visit(a_case(company=a_company("PT Contoh Patuh")), "complied")
    assert "PT Contoh Patuh" not in browser("ina").get("/field").text


def test_the_supervisor_has_a_field_of_her_own(browser: OpenBrowser) -> None:
    a_draft("ina", "PT Contoh Ina")
    a_draft("sari", "PT Contoh Sari")
    page = browser("sari").get("/field")
    assert section(page, "drafts") == ["PT Contoh Sari"]


def test_no_page_of_the_field_asks_more_with_more_to_show(
    browser: OpenBrowser, at: Callable[[str], None]
) -> None:
    def asked(ina: Browser, path: str) -> int:
        with queries() as seen:
            assert ina.get(path).status == 200
        assert len(seen) <= 10, seen
        return len(seen)

    def measure() -> dict[str, int]:
        ina, draft = (
            browser("ina"),
            db.session.scalars(sa.select(Case).where(Case.status == "draft")).first(),
        )
        assert draft is not None
        steps = [
            f"/notas/{draft.draft_key}/{step}"
            for step in ("company", "place", "workers", "findings", "notes", "review")
        ]
        pages = ["/field", "/drafts", "/notas/new?q=contoh", *steps]
        return {path.split("/")[-1]: asked(ina, path) for path in pages}

    a_draft()
    a_case()
    few = measure()
    for _more in range(3):
        a_draft()
        a_case(company=a_company(aliases=("Toko Andai", "Toko Misal")))
    at("2027-03-02")
    assert measure() == few


def test_drafts_tell_their_age_and_when_they_go(
    browser: OpenBrowser, at: Callable[[str], None]
) -> None:
    a_draft(name="PT Contoh Draf")
    at("2026-12-05")
    page = browser("ina").get("/drafts")
    assert "PT Contoh Draf" in page.text
    assert "tersimpan 30 November 2026 pukul 09.00 WITA" in page.text
    assert "Terhapus sendiri 28 Februari 2027" in page.text
    assert "90 hari" in page.text


def test_no_drafts_is_said_with_the_next_step(browser: OpenBrowser) -> None:
    page = browser("ina").get("/drafts")
    assert "Tidak ada nota yang belum selesai." in page.text
    assert "/notas/new" in page.links()


def test_a_draft_is_deleted_after_a_question(browser: OpenBrowser) -> None:
    key = a_draft(name="PT Contoh Batal").draft_key
    ina = browser("ina")
    page = ina.get(f"/drafts/{key}/delete")
    assert "Hapus draf nota untuk PT Contoh Batal?" in page.text
    page = ina.submit(f"/drafts/{key}/delete")
    assert page.path == "/drafts"
    assert "Draf nota untuk PT Contoh Batal dihapus." in page.text
    assert ina.get(f"/notas/{key}/place").status == 404
    assert ina.post(f"/drafts/{key}/delete").status == 404
    assert (
        db.session.scalars(sa.select(Event.kind).order_by(Event.id.desc())).first()
        == "draft.discarded"
    )


def test_a_draft_that_changed_since_the_question_is_not_deleted(browser: OpenBrowser) -> None:
    key = a_draft().draft_key
    ina = browser("ina")
    version = ina.get(f"/drafts/{key}/delete").value("version")
    ina.submit(f"/notas/{key}/place", place="Jalan Misal 1")
    page = ina.post(f"/drafts/{key}/delete", version=version)
    assert page.status == 412
    assert ina.get(f"/notas/{key}/place").value("place") == "Jalan Misal 1"


def test_only_untouched_drafts_go_by_themselves(at: Callable[[str], None]) -> None:
    old, touched = a_draft().id, a_draft().id
    at("2027-02-28 08:59")
    assert discard_old_drafts() == {"discarded": 0}
    with transaction():
        save_draft(db.session.get_one(Case, touched), by=user("ina"), typed={"place": {}})
    at("2027-02-28 09:01")
    assert discard_old_drafts() == {"discarded": 1}
    assert db.session.get(Case, old) is None
    event = db.session.scalars(sa.select(Event).where(Event.kind == "draft.discarded")).one()
    assert (event.case_id, event.actor_id) == (old, None)


def test_an_issued_nota_is_no_draft_any_more() -> None:
    case = a_case()
    with pytest.raises(Refusal), transaction():
        save_draft(case, by=user("ina"), typed={"place": {"place": "lain"}})
    with pytest.raises(Refusal), transaction():
        discard_draft(case, by=user("ina"))


@pytest.mark.parametrize(
    ("who", "refusal"), [("budi", NotFound), ("tika", NotAllowed), ("lia", NotAllowed)]
)
def test_a_draft_is_its_owner_s(who: str, refusal: type[Refusal]) -> None:
    case = a_draft("ina")
    with pytest.raises(refusal):
        save_draft(case, by=user(who), typed={})
    with pytest.raises(refusal):
        discard_draft(case, by=user(who))
    with pytest.raises(refusal):
        start_draft(case.company, by=user(who), draft_key=str(case.draft_key))


def test_saving_keeps_the_other_pages() -> None:
    case = a_draft()
    with transaction():
        save_draft(
            case, by=user("ina"), typed={"place": {"place": "Jalan Misal 1"}, "step": "workers"}
        )
    with transaction():
        save_draft(
            case,
            by=user("ina"),
            typed={"workers": {"workers_total": "1.250"}, "step": "findings"},
        )
    db.session.refresh(case)
    assert case.draft == {
        "place": {"place": "Jalan Misal 1"},
        "workers": {"workers_total": "1.250"},
        "step": "findings",
    }


def test_two_taps_at_the_same_instant_begin_one_draft(app: Flask) -> None:
    company_id, ina_id, key = a_company().id, user("ina").id, str(uuid.uuid4())
    db.session.rollback()
    together, found, failed = threading.Barrier(2), [], []

    def tap() -> None:
        with app.app_context():
            try:
                company, ina = (
                    db.session.get_one(Company, company_id),
                    db.session.get_one(User, ina_id),
                )
                db.session.rollback()
                together.wait(10)
                with transaction():
                    found.append(start_draft(company, by=ina, draft_key=key).id)
            except Exception as error:
                failed.append(error)

    taps = [threading.Thread(target=tap) for _ in range(2)]
    for each in taps:
        each.start()
    for each in taps:
        each.join(20)
    assert failed == []
    assert len(found) == 2
    assert len(set(found)) == 1
    assert db.session.scalars(sa.select(Event.kind).where(Event.case_id.is_not(None))).all() == [
        "draft.started"
    ]
