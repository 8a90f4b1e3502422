"""What is stored already and should be looked at: found, listed, put right, separated or left as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from compliance.companies.commands import change_company, facts_of
from compliance.companies.models import Company
from compliance.companies.search.spelling import name_columns
from compliance.core.db import db, transaction
from compliance.core.events import Event
from compliance.merges.doubtful import jobs
from compliance.merges.doubtful.jobs import find_doubtful_companies
from compliance.merges.doubtful.rules import Doubt, StoredCompany, why_doubtful
from compliance.merges.models import DoubtfulCompany
from compliance.policy import SYSTEM
from tests.browser import Browser
from tests.factories import a_company
from tests.imports.conftest import Run, a_list
from tests.merges.twins import company, merged
from tests.queries import queries

pytestmark = pytest.mark.usefixtures("app")
Open = Callable[[str], Browser]
LIST = "/companies/doubtful"
FILLER = "1111111111111"


def stored(name: str = "PT Contoh Lama", *, aliases: tuple[str, ...] = (), **columns: str) -> int:
    """A company as it could be stored before the doors refused such names and numbers; its id."""
    made = a_company("PT Misal Lama", aliases=aliases)
    for row, values in ((made, {"name": name, **columns}), (made.names[0], name_columns(name))):
        for column, value in values.items():
            setattr(row, column, value)
    db.session.commit()
    return made.id


def doubted() -> dict[int, list[str]]:
    """The companies in the list and why, in Indonesian."""
    db.session.rollback()
    return {
        entry.company_id: [str(Doubt.restored(reason).text) for reason in entry.reasons]
        for entry in db.session.query(DoubtfulCompany)
        if entry.state == "open"
    }


def kinds(name: str, *aliases: str, **more: Any) -> list[str]:
    return [doubt.kind for doubt in why_doubtful(StoredCompany(name, aliases, **more))]


# Why


@pytest.mark.parametrize(
    ("aliases", "found"),
    [
        (("CV Contoh",), ["other_form"]),
        (("CV Misal",), ["other_form"]),
        (("Contoh", "P.T. CONTOH", "PT Contoh Tbk"), []),
        (("Toko Misal",), []),
        (("Toko Contoh",), ["other_form"]),
        (("-",), ["no_name"]),
        (("UD Contoh, NIB 9120 0000 0033 4",), ["glued", "other_form"]),
    ],
)
def test_other_names_are_doubted_for_another_legal_form_for_being_none_and_for_a_number_in_them(
    aliases: tuple[str, ...], found: list[str]
) -> None:
    assert kinds("PT Contoh", *aliases) == found


def test_an_alias_of_another_name_is_doubted_only_beside_a_filler() -> None:
    filler = frozenset({("nib", FILLER)})
    assert kinds("PT Contoh", "Warung Misal") == []
    assert kinds("PT Contoh", "Warung Misal", numbers=filler) == ["filler", "by_filler"]


@pytest.mark.parametrize(
    "name", ["PT Contoh", "Toko 88", "Apotek K-24", "SPBU 5485113", "CV 14 Misal"]
)
def test_a_name_is_not_doubted_for_a_number_that_belongs_to_it(name: str) -> None:
    assert kinds(name) == []


# The night


def test_the_first_night_goes_over_everything_and_the_next_only_over_what_changed() -> None:
    filler, nobody = stored(nib=FILLER), stored(name="N/A")
    fine = a_company("PT Misal Baik").id
    assert find_doubtful_companies() == {"doubtful": 2, "settled": 0}
    assert doubted() == {
        filler: ["NIB 1111 1111 1111 1 angka pengisi, bukan nomor siapa pun"],
        nobody: ["“N/A” bukan nama perusahaan"],
    }
    assert find_doubtful_companies() == {"doubtful": 0, "settled": 0}
    with transaction():
        change_company(company(fine), facts_of(company(fine), aliases=("CV Umpama",)), by=SYSTEM)
    assert find_doubtful_companies() == {"doubtful": 1, "settled": 0}
    assert fine in doubted()


def test_the_walk_over_everything_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "JUDGED_AT_ONCE", 2)
    monkeypatch.setattr(jobs, "MOST_STEPS", 2)
    for _one in range(5):
        stored(name="xxx")
    assert [find_doubtful_companies()["doubtful"] for _night in range(4)] == [4, 1, 0, 0]


def test_new_rules_are_applied_to_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    find_doubtful_companies()
    known = stored(name="xxx")
    find_doubtful_companies()
    db.session.query(DoubtfulCompany).delete()
    db.session.commit()
    assert find_doubtful_companies()["doubtful"] == 0
    monkeypatch.setattr(jobs, "RULES", 2)
    assert find_doubtful_companies()["doubtful"] == 1
    assert known in doubted()


def test_an_imported_row_that_adds_a_name_of_another_form_is_seen_the_next_night(run: Run) -> None:
    known = a_company("PT Contoh Bahari", nib="9120000000011").id
    find_doubtful_companies()
    run(a_list("CV Contoh Bahari;9120000000011;;;Kota Kupang;;;;"))
    assert find_doubtful_companies()["doubtful"] == 1
    assert doubted()[known] == ["Nama lain “CV Contoh Bahari” berbentuk hukum lain"]


def test_a_former_name_that_a_list_stated_is_no_doubt(run: Run) -> None:
    known = a_company("PT Contoh Bahari").id
    run(a_list("PT Contoh Bahari (dahulu CV Misal Jaya);;;;Kota Kupang;;;;"))
    assert company(known).former_names == ["CV Misal Jaya"]
    assert find_doubtful_companies()["doubtful"] == 0


def test_the_reads_of_the_night_do_not_grow_with_the_companies() -> None:
    stored(nib=FILLER)
    with queries() as few:
        find_doubtful_companies()
    db.session.query(DoubtfulCompany).delete()
    db.session.execute(jobs.DoubtSearch.__table__.delete())
    db.session.commit()
    for number in range(9):
        stored("xxx", nib=f"00000000{number:05}")
    with queries() as many:
        find_doubtful_companies()
    assert len(many) <= len(few) + 1


# The list


def test_the_list_says_why_and_offers_to_put_right_to_separate_and_to_leave(browser: Open) -> None:
    id = stored("PT Contoh Bahari", aliases=("CV Misal Jaya",), nib=FILLER)
    find_doubtful_companies()
    tika = browser("tika")
    assert "1 Data yang meragukan" in tika.get("/companies").text
    page = tika.get(LIST)
    [row] = page.soup.select("tbody tr")
    said = " ".join(row.get_text(" ").split())
    assert "PT Contoh Bahari Kota Kupang · NIB 1111 1111 1111 1" in said
    assert "NIB 1111 1111 1111 1 angka pengisi, bukan nomor siapa pun" in said
    assert "Nama lain “CV Misal Jaya” berbentuk hukum lain" in said
    assert {each["href"] for each in row.select("a")} == {
        f"/companies/{id}",
        f"/companies/{id}/edit",
        f"/companies/{id}/separate?alias=CV+Misal+Jaya",
        f"{LIST}/{id}/leave",
    }
    assert "Data yang meragukan" in tika.get(LIST + "?region=53.08").text
    assert "di kabupaten/kota ini" in tika.get(LIST + "?region=53.08").text


def test_the_list_is_the_teams_and_is_read_in_english(browser: Open) -> None:
    id = stored(nib=FILLER)
    find_doubtful_companies()
    for who in ("ina", "lia", "adi"):
        assert browser(who).get(LIST).status == 403
    assert "Data yang meragukan" not in browser("ina").get("/companies").text
    sari = browser("sari")
    sari.post("/language/en")
    page = sari.get(LIST)
    assert "NIB 1111 1111 1111 1 is a filler, nobody's number" in page.text
    assert "Leave as it is" in sari.get(f"{LIST}/{id}/leave").text


def test_an_empty_list_says_how_it_fills(browser: Open) -> None:
    assert "diperiksa setiap malam" in browser("tika").get(LIST).text
    assert "Belum ada yang dibiarkan" in browser("tika").get(LIST + "?state=left").text


def test_putting_it_right_takes_it_off_the_list_at_once(browser: Open) -> None:
    id = stored(name="UD Contoh, NIB 9120 0000 0033 4")
    find_doubtful_companies()
    assert id in doubted()
    browser("tika").submit(
        f"/companies/{id}/edit", name="UD Contoh", naming="spelling", nib="9120000000334"
    )
    assert doubted() == {}
    assert company(id).name == "UD Contoh"


def test_left_as_it_is_it_is_not_asked_about_again_unless_there_is_another_reason(
    browser: Open,
) -> None:
    id = stored("PT Contoh Bahari", aliases=("CV Misal Jaya",))
    find_doubtful_companies()
    tika = browser("tika")
    page = tika.submit(f"{LIST}/{id}/leave", note="Satu pemilik, nama dagang")
    assert "PT Contoh Bahari dibiarkan seperti adanya." in page.text
    left = tika.get(LIST + "?state=left").text
    assert "oleh Tika Andai: Satu pemilik, nama dagang" in left
    with transaction():
        change_company(company(id), facts_of(company(id), phone="1"), by=SYSTEM)
    find_doubtful_companies()
    assert doubted() == {}
    with transaction():
        aliases = ("CV Misal Jaya", "Koperasi Umpama")
        change_company(company(id), facts_of(company(id), aliases=aliases), by=SYSTEM)
    assert id in doubted()
    event = db.session.query(Event).filter_by(kind="company.left_as_it_is").one()
    assert (event.reason, event.company_id) == ("Satu pemilik, nama dagang", id)
    assert "Data PT Contoh Bahari dibiarkan seperti adanya: Nama lain “CV Misal Jaya”" in (
        tika.get(f"/companies/{id}").text
    )
    assert "Data yang meragukan dibiarkan" in browser("adi").get("/admin/audit").text


def test_what_was_left_as_it_is_can_be_listed_again(browser: Open) -> None:
    id = stored(nib=FILLER)
    find_doubtful_companies()
    tika = browser("tika")
    tika.submit(f"{LIST}/{id}/leave", note="Satu pemilik")
    assert doubted() == {}
    page = tika.submit(LIST + "?state=left", form_to="/list-again")
    assert "PT Contoh Lama kembali ke daftar yang perlu diperiksa." in page.text
    assert id in doubted()
    assert "Data PT Contoh Lama kembali ke daftar" in tika.get(f"/companies/{id}").text
    assert "Data yang meragukan diperiksa lagi" in browser("adi").get("/admin/audit").text
    assert tika.post(f"{LIST}/{id}/list-again").status == 409
    assert browser("ina").post(f"{LIST}/{id}/list-again").status == 403


def test_a_company_left_twice_and_one_that_is_not_doubted_are_refused(browser: Open) -> None:
    id, fine = stored(nib=FILLER), a_company("PT Misal Baik").id
    find_doubtful_companies()
    tika = browser("tika")
    tika.submit(f"{LIST}/{id}/leave")
    assert tika.post(f"{LIST}/{id}/leave").status == 409
    assert tika.get(f"{LIST}/{fine}/leave").status == 404
    assert browser("ina").post(f"{LIST}/{id}/leave").status == 403


# Merges


def across_forms() -> tuple[int, int, int]:
    kept, gone = a_company("PT Contoh Bahari").id, a_company("CV Contoh Bahari", nib="new").id
    return kept, gone, merged(kept, gone)


def test_a_merge_across_legal_forms_leads_to_its_undoing_and_undone_it_is_no_doubt(
    browser: Open,
) -> None:
    kept, gone, merge = across_forms()
    find_doubtful_companies()
    assert doubted() == {
        kept: ["CV Contoh Bahari digabungkan ke PT Contoh Bahari, padahal bentuk hukumnya lain"]
    }
    tika = browser("tika")
    assert f"/companies/merges/{merge}" in tika.get(LIST).links()
    tika.submit(f"/companies/merges/{merge}")
    assert doubted() == {}
    assert company(gone).merged_into_id is None


def test_a_merge_that_cannot_be_undone_any_more_leads_to_a_company_of_its_own(
    browser: Open, at: Callable[[str], None]
) -> None:
    kept, _gone, merge = across_forms()
    find_doubtful_companies()
    at("2027-01-02")
    links = browser("tika").get(LIST).links()
    assert f"/companies/merges/{merge}" not in links
    assert f"/companies/{kept}/separate?alias=CV+Contoh+Bahari" in links


def test_two_records_that_only_a_filler_made_one_are_doubted() -> None:
    kept = stored("PT Contoh Bahari", npwp="0000000000901000", npwp_core="000000000")
    gone = stored("PT Umpama Jaya", npwp="0000000000000000", npwp_core="000000000")
    merged(kept, gone)
    find_doubtful_companies()
    assert (
        "PT Umpama Jaya dan PT Contoh Bahari digabung, padahal nomornya hanya angka pengisi"
        in (doubted()[kept])
    )


# Separating


def test_separating_makes_a_company_of_the_name_with_the_numbers_that_go_along(
    browser: Open,
) -> None:
    id = a_company(
        "PT Contoh Bahari",
        nib="9120000000011",
        npwp="01.234.567.4-901.000",
        aliases=("CV Contoh Bahari", "Contoh"),
        other_npwps=("02.234.567.2-901.000",),
        region_code="53.08",
    ).id
    find_doubtful_companies()
    tika = browser("tika")
    page = tika.submit(
        f"/companies/{id}/separate?alias=CV+Contoh+Bahari",
        numbers=["nib 9120000000011", "npwp 0022345672901000"],
    )
    assert "CV Contoh Bahari sekarang perusahaan tersendiri" in page.text
    db.session.expire_all()
    first, new = company(id), db.session.query(Company).filter_by(name="CV Contoh Bahari").one()
    assert (first.nib, first.npwp, first.other_npwps) == (None, "0012345674901000", [])
    assert (new.nib, new.npwp, new.region_code) == ("9120000000011", "0022345672901000", "53.08")
    assert first.aliases == ["Contoh"]
    assert doubted() == {}
    happened = [each.kind for each in db.session.query(Event).order_by(Event.id)][-4:]
    assert happened == [
        "company.changed",
        "company.registered",
        "company.told_apart",
        "company.separated",
    ]
    assert "CV Contoh Bahari dipisahkan dari PT Contoh Bahari" in tika.get(f"/companies/{id}").text
    assert "Perusahaan dipisahkan" in browser("adi").get("/admin/audit").text


def test_separating_names_companies_that_may_be_it_already(browser: Open) -> None:
    id = a_company("PT Contoh Bahari", aliases=("CV Misal Jaya",)).id
    a_company("CV Misal Jaya")
    page = browser("tika").get(f"/companies/{id}/separate?alias=CV+Misal+Jaya")
    assert page.soup.select_one("a[href$='/edit']") is not None
    assert "Mungkin perusahaan itu sudah tercatat" in page.text


def test_separating_refuses_a_name_that_is_no_alias_a_stale_form_and_a_bad_name(
    browser: Open,
) -> None:
    id = a_company("PT Contoh Bahari", aliases=("CV Misal Jaya",)).id
    tika, path = browser("tika"), f"/companies/{id}/separate?alias=CV+Misal+Jaya"
    assert tika.get(f"/companies/{id}/separate?alias=CV+Lain").status == 404
    assert browser("ina").get(path).status == 403
    opened = tika.get(path).value("version")
    page = tika.submit(path, name="-")
    assert page.status == 422
    assert "bukan nama perusahaan" in page.text
    with transaction():
        change_company(company(id), facts_of(company(id), phone="1"), by=SYSTEM)
    stale = tika.post(path, name="CV Misal Jaya", region_code="53.71", version=opened)
    assert stale.status == 412
    assert db.session.query(Company).count() == 1
    gone = tika.post(
        path,
        name="CV Misal Jaya",
        region_code="53.71",
        version=tika.get(path).value("version"),
        numbers="nib 9120000000011",
    )
    assert gone.status == 409
