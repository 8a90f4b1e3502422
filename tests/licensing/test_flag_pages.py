"""The pages of flags: who sees which, acknowledging, lifting, and passing on a sanction that BPJS
asks for.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa

from compliance.cases.jobs import sweep_due_rechecks
from compliance.cases.models import Case
from compliance.core.db import db, transaction
from compliance.licensing.commands import acknowledge_flag, lift_flag, record_sanction
from compliance.licensing.models import Flag
from compliance.licensing.queries import FlagFilter, count_flags, flags_for_page
from tests.browser import Browser, as_a_request_of_its_own
from tests.factories import a_case, a_company, a_visit, user
from tests.queries import queries

pytestmark = pytest.mark.one_store

Open = Callable[..., Browser]
Clock = Callable[[str], None]


def a_warned_case(
    at: Clock, name: str = "PT Contoh Bahari", region_code: str = "53.71", by: str = "ina"
) -> int:
    """A case of 30 November whose recheck was due on 1 March 2027; the clock has swept on the 2nd."""
    case = a_case(by, company=a_company(name, region_code=region_code))
    case_id = case.id
    at("2027-03-02 09:00")
    sweep_due_rechecks()
    return case_id


def flag_of(case_id: int, level: str = "warning") -> int:
    db.session.rollback()
    return db.session.scalars(
        sa.select(Flag.id).where(Flag.case_id == case_id, Flag.level == level)
    ).one()


def the_case(case_id: int) -> Case:
    return db.session.get_one(Case, case_id)


def two_regencies(at: Clock) -> tuple[int, int]:
    kupang = a_case("ina", company=a_company("PT Contoh Kupang")).id
    ende = a_case("budi", company=a_company("PT Contoh Ende", region_code="53.08")).id
    at("2027-03-02 09:00")
    sweep_due_rechecks()
    return kupang, ende


@pytest.mark.parametrize(
    ("who", "kupang", "ende"),
    [
        ("lia", True, False),
        ("yos", False, True),
        ("eda", True, True),
        ("ina", True, False),
        ("tika", True, True),
        ("sari", True, True),
    ],
)
def test_the_list_holds_what_lies_in_the_readers_scope(
    browser: Open, at: Clock, who: str, kupang: bool, ende: bool
) -> None:
    cases = two_regencies(at)
    reader = browser(who)
    page = reader.get("/flags")
    assert ("PT Contoh Kupang" in page.text, "PT Contoh Ende" in page.text) == (kupang, ende)
    for case_id, sees in zip(cases, (kupang, ende), strict=True):
        assert reader.get(f"/flags/{flag_of(case_id)}").status == (200 if sees else 404)


def test_an_admin_has_no_flags(browser: Open, at: Clock) -> None:
    case_id = a_warned_case(at)
    adi = browser("adi")
    for address in ("/flags", f"/flags/{flag_of(case_id)}", f"/flags/{flag_of(case_id)}/lift"):
        assert adi.get(address).status == 403


def test_the_tabs_count_what_their_lists_hold_and_filters_narrow_both(
    browser: Open, at: Clock
) -> None:
    kupang, ende = two_regencies(at)
    a_visit(the_case(ende), "not_complied", by="budi", registered=30)
    tika = browser("tika")

    def seen(query: str) -> tuple[str, int]:
        page = tika.get(f"/flags?{query}")
        return " ".join(tile.get_text(" ", strip=True) for tile in page.soup.select("a.tile")), len(
            page.soup.select("tbody tr")
        )

    assert seen("") == ("2 Berlaku 1 Dicabut", 2)
    assert seen("state=lifted") == ("2 Berlaku 1 Dicabut", 1)
    assert seen("level=hold") == ("1 Berlaku 0 Dicabut", 1)
    assert seen("region=53.71") == ("1 Berlaku 0 Dicabut", 1)
    assert seen("region=53.71&level=hold")[1] == 0
    assert seen("region=99&level=x&state=y&after=z&size=7") == ("2 Berlaku 1 Dicabut", 2)
    with transaction():
        acknowledge_flag(db.session.get_one(Flag, flag_of(kupang)), by=user("eda"))
    assert seen("unread=on") == ("1 Berlaku 1 Dicabut", 1)
    lia = browser("lia").get("/flags?unread=on")
    assert "PT Contoh Kupang" in lia.text, "another office's tick is not this office's"
    assert "PT Contoh Kupang" not in browser("eda").get("/flags?unread=on").text


def test_a_filter_that_finds_nothing_offers_the_way_out(browser: Open, at: Clock) -> None:
    lia = browser("lia")
    assert "Tidak ada catatan yang berlaku." in lia.get("/flags").text
    assert "Belum ada catatan yang dicabut." in lia.get("/flags?state=lifted").text
    page = lia.get("/flags?level=hold")
    assert "Tidak ada catatan yang cocok" in page.text
    assert "/flags" in page.links()


def test_a_region_outside_the_office_is_not_offered(browser: Open, at: Clock) -> None:
    assert browser("lia").get("/flags").soup.find(id="region") is None
    regions = browser("eda").get("/flags").soup.select("#region option")
    assert len(regions) == 23


def test_the_page_says_why_since_when_and_whose(browser: Open, at: Clock) -> None:
    case_id = a_warned_case(at)
    page = browser("lia").get(f"/flags/{flag_of(case_id)}")
    for words in (
        "PT Contoh Bahari",
        "Peringatan",
        "Berlaku",
        "Jatuh tempo 1 Maret 2027 lewat tanpa hasil cek ulang.",
        "2 Maret 2027",
        "1 Maret 2028",
        "NTT-2026-0001",
        "Ina Contoh",
        "belum dibaca kantor perizinan mana pun",
        "oleh sistem",
    ):
        assert words in page.text, words
    assert page.soup.find("a", string="Cabut catatan ini") is None


def test_the_office_answers_a_flag_once(browser: Open, at: Clock) -> None:
    flag_id = flag_of(a_warned_case(at))
    lia = browser("lia")
    unsaid = lia.submit(f"/flags/{flag_id}", note="Sudah ditempel di loket")
    assert (unsaid.status, unsaid.value("note")) == (422, "Sudah ditempel di loket")
    assert "Pilih jawaban kantor Anda." in unsaid.text
    page = lia.submit(f"/flags/{flag_id}", answer="used", note="Sudah ditempel di loket")
    assert page.path == f"/flags/{flag_id}"
    assert "Sudah dibaca, dipakai dalam keputusan" in page.text
    assert (
        "Kantor Anda sudah membaca catatan ini: Lia Misal, 2 Maret 2027 pukul 09.00 WITA."
        in page.text
    )
    assert "DPMPTSP Kota Kupang" in page.text
    assert "Sudah ditempel di loket" in page.text
    assert lia.post(f"/flags/{flag_id}/acknowledgement", answer="not_ours").status == 200
    inspector = browser("ina").get(f"/flags/{flag_id}")
    assert "DPMPTSP Kota Kupang" in inspector.text
    assert "Sudah dibaca, dipakai dalam keputusan" in inspector.text, "the first answer stands"
    assert browser("ina").post(f"/flags/{flag_id}/acknowledgement").status == 403
    assert browser("yos").post(f"/flags/{flag_id}/acknowledgement").status == 404
    too_long = browser("eda").post(
        f"/flags/{flag_id}/acknowledgement", answer="used", note="x" * 2001
    )
    assert (too_long.status, too_long.value("note")) == (422, "x" * 2001)
    assert browser("eda").post(f"/flags/{flag_id}/acknowledgement", answer="perhaps").status == 422


def test_an_office_may_say_that_a_flag_is_not_its_to_act_on(browser: Open, at: Clock) -> None:
    flag_id = flag_of(a_warned_case(at))
    browser("lia").submit(f"/flags/{flag_id}", answer="not_ours", note="Wewenang DPMPTSP provinsi")
    inbox = browser("ina").get("/inbox").text
    assert "Jawaban kantor itu: Bukan wewenang kantor kami" in inbox
    assert "Keterangannya: Wewenang DPMPTSP provinsi" in inbox
    assert "Bukan wewenang kantor kami" in browser("lia").get("/flags").text
    assert (
        "bukan wewenangnya: Wewenang DPMPTSP provinsi"
        in browser("tika").get(f"/flags/{flag_id}").text
    )


def test_the_navigation_counts_what_my_office_has_not_answered(browser: Open, at: Clock) -> None:
    kupang, _ende = two_regencies(at)

    def badge(who: str) -> str | None:
        found = browser(who).get("/help").soup.select_one("nav a[href='/flags'] .count")
        return " ".join(found.get_text().split()) if found else None

    assert badge("eda") == "2 belum dijawab kantor Anda"
    assert badge("lia") == "1 belum dijawab kantor Anda"
    browser("lia").submit(f"/flags/{flag_of(kupang)}", answer="used")
    assert badge("lia") is None
    assert badge("eda") == "2 belum dijawab kantor Anda", (
        "another office's answer is not this office's"
    )
    with transaction():
        lift_flag(
            db.session.get_one(Flag, flag_of(kupang)),
            by=user("tika"),
            reason="Keliru",
            proof="Surat 1",
        )
    assert badge("eda") == "1 belum dijawab kantor Anda"
    assert badge("tika") is None


def test_the_badge_costs_one_question_and_only_at_a_counter(browser: Open, at: Clock) -> None:
    two_regencies(at)
    for who, cost in (("lia", 1), ("tika", 0), ("ina", 0)):
        reader = browser(who)
        with queries() as seen:
            reader.get("/help")
        assert len(seen.about("from flags")) == cost, str(seen)


def test_a_hold_is_lifted_with_reason_and_proof_after_saying_what_follows(
    browser: Open, at: Clock
) -> None:
    case_id = a_warned_case(at)
    a_visit(the_case(case_id), "not_complied", registered=30)
    flag_id = flag_of(case_id, "hold")
    tika = browser("tika")
    page = tika.get(f"/flags/{flag_id}/lift")
    assert "Kasus NTT-2026-0001 dinyatakan patuh" in page.text
    page = tika.submit(f"/flags/{flag_id}/lift", reason="Sudah terdaftar")
    assert page.status == 422
    assert page.value("reason") == "Sudah terdaftar"
    assert "Sebutkan buktinya" in page.text
    page = tika.submit(
        f"/flags/{flag_id}/lift", reason="Sudah terdaftar", proof="Sertifikat 12, iuran Februari"
    )
    assert page.path == f"/flags/{flag_id}"
    for words in ("Dicabut", "oleh Tika Andai", "Sudah terdaftar", "Sertifikat 12, iuran Februari"):
        assert words in page.text, words
    assert the_case(case_id).status == "resolved"
    seen_by_licensing = browser("lia").get(f"/flags/{flag_id}")
    assert "Sertifikat 12" in seen_by_licensing.text
    assert seen_by_licensing.soup.find(attrs={"name": "note"}) is None
    again = tika.post(f"/flags/{flag_id}/lift", reason="x", proof="y")
    assert again.status == 409


def test_a_lift_decided_on_an_old_picture_is_refused_with_what_changed(
    browser: Open, at: Clock
) -> None:
    case_id = a_warned_case(at)
    a_visit(the_case(case_id), "not_complied", registered=30)
    flag_id = flag_of(case_id, "hold")
    tika = browser("tika")
    version = tika.get(f"/flags/{flag_id}/lift").value("version")
    a_visit(the_case(case_id), "not_complied", registered=25)
    page = tika.post(
        f"/flags/{flag_id}/lift", reason="Sudah terdaftar", proof="Sertifikat 12", version=version
    )
    assert page.status == 412
    assert "Data ini sudah diubah orang lain" in page.text
    assert the_case(case_id).status == "unresolved"


@pytest.mark.parametrize(
    ("who", "status"), [("lia", 403), ("ina", 403), ("yos", 404), ("budi", 404), ("sari", 200)]
)
def test_only_compliance_and_supervisors_lift(
    browser: Open, at: Clock, who: str, status: int
) -> None:
    flag_id = flag_of(a_warned_case(at))
    person = browser(who)
    assert person.get(f"/flags/{flag_id}/lift").status == status
    if status != 200:
        assert person.post(f"/flags/{flag_id}/lift", reason="x", proof="y").status == status
        assert db.session.get_one(Flag, flag_id).lifted_at is None


def test_a_request_of_bpjs_is_passed_on_not_imposed(browser: Open) -> None:
    case = a_case(company=a_company("PT Contoh Bahari"))
    case_id, number = case.id, case.number
    tika = browser("tika")
    address = f"/cases/{number}/sanction"
    page = tika.get(address)
    assert "Dinas tidak menjatuhkan sanksi ini." in page.text
    page = tika.submit(address, letter_number="B/12/2026", letter_on="31-2-2026")
    assert (page.status, page.value("letter_on")) == (422, "31-2-2026")
    page = tika.submit(address, letter_number="", letter_on="")
    assert "Isi nomor surat permintaan" in page.text
    assert "Isi tanggal surat" in page.text
    page = tika.submit(
        address, letter_number="B/12/2026", letter_on="27-11-2026"
    )  # none is ticked for them
    assert "Tandai layanan yang disebut dalam surat BPJS" in page.text
    page = tika.submit(
        address,
        letter_number="B/12/2026",
        letter_on="27 November 2026",
        services=["building", "tender"],
    )
    assert "izin untuk mengikuti tender proyek; Persetujuan Bangunan Gedung (PBG)" in page.text
    assert page.path == f"/flags/{flag_of(case_id, 'sanction')}"
    assert "B/12/2026, 27 November 2026" in page.text
    again = tika.submit(
        address, letter_number="B/13/2026", letter_on="27-11-2026", services=["tender"]
    )
    assert again.status == 409
    for who, status in (
        ("ina", 403),
        ("lia", 403),
        ("budi", 404),
        ("yos", 404),
        ("sari", 200),
        ("adi", 403),
    ):
        assert browser(who).get(address).status == status, who
    assert tika.get("/cases/NTT-2026-9999/sanction").status == 404


def test_the_list_turns_its_pages_and_its_queries_do_not_grow(browser: Open, at: Clock) -> None:
    def sanctioned(count: int) -> None:
        for _ in range(count):
            case = a_case()
            with transaction():
                flag = record_sanction(
                    case, by=user("tika"), letter_number="B/1", letter_on=date(2026, 11, 27)
                )
                acknowledge_flag(flag, by=user("eda"))

    eda = browser("eda")

    def counted(address: str) -> int:
        with queries() as seen:
            as_a_request_of_its_own(eda.client.get, address)
        assert len(seen) <= 10, str(seen)
        return len(seen)

    sanctioned(2)
    few = counted("/flags"), counted(f"/flags/{db.session.scalar(sa.select(sa.func.max(Flag.id)))}")
    sanctioned(27)
    many = (
        counted("/flags"),
        counted(f"/flags/{db.session.scalar(sa.select(sa.func.max(Flag.id)))}"),
    )
    assert few == many
    page = eda.get("/flags")
    assert len(page.soup.select("tbody tr")) == 25
    older = next(link for link in page.links() if "after=" in link)
    assert len(eda.get(older).soup.select("tbody tr")) == 4


@pytest.mark.parametrize("order", ["latest", "earliest", "name", "name-desc"])
def test_every_order_of_the_list_turns_its_pages_without_gap_or_repetition(
    browser: Open, at: Clock, order: str
) -> None:
    for number in range(29):
        a_case(company=a_company(f"PT Contoh {number % 7}"))
    at("2027-03-02 09:00")
    for _ in range(2):
        sweep_due_rechecks()
    tika = browser("tika")
    page = tika.get(f"/flags?order={order}")
    rows = page.soup.select("tbody tr")
    following = page.soup.select_one("a[rel=next]")
    rows += tika.get(following["href"]).soup.select("tbody tr")
    shown = [row.a.get_text() for row in rows]
    assert len({row.a["href"] for row in rows}) == len(rows) == 29
    if order.startswith("name"):
        assert shown == sorted(shown, reverse=order == "name-desc")
    assert page.soup.select_one("th[aria-sort]")["aria-sort"] == (
        "descending" if order in ("latest", "name-desc") else "ascending"
    )


def test_flags_are_listed_by_the_day_they_began_and_not_by_when_they_were_told(
    browser: Open, at: Clock
) -> None:
    at("2027-03-10 09:00")
    a_case(company=a_company("PT Contoh Baru"), issued_on=date(2026, 11, 30))
    a_case(company=a_company("PT Contoh Lama"), issued_on=date(2026, 11, 23))
    for _ in range(2):
        sweep_due_rechecks()
    tika = browser("tika")
    latest = [link.get_text() for link in tika.get("/flags").soup.select("a.title")]
    assert latest == ["PT Contoh Baru", "PT Contoh Lama"]
    assert [
        link.get_text() for link in tika.get("/flags?order=earliest").soup.select("a.title")
    ] == latest[::-1]


def test_only_a_list_that_is_counted_out_sorts_by_name(
    browser: Open, at: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_regencies(at)
    monkeypatch.setattr("compliance.licensing.queries.COUNTED", 1)
    tika = browser("tika")
    assert (
        tika.get("/flags?order=name")
        .soup.select_one("th[aria-sort]")
        .get_text()
        .startswith("Sejak")
    )
    page = tika.get("/flags?order=name&region=53.71")
    assert page.soup.select_one("th[aria-sort]").get_text().startswith("Perusahaan")


@pytest.mark.parametrize("after", ["x", "1", ".1", "2027-13-01.1", "2027-01-01.9999999999", "."])
def test_a_place_that_no_list_wrote_begins_at_the_beginning(
    browser: Open, at: Clock, after: str
) -> None:
    a_warned_case(at)
    assert len(browser("tika").get(f"/flags?after={after}").soup.select("tbody tr")) == 1


def test_a_filter_is_a_tag_that_can_be_taken_away(browser: Open, at: Clock) -> None:
    a_warned_case(at)
    tika = browser("tika")
    page = tika.get("/flags?level=warning&region=53.71&unread=on")
    tags = [
        tag.get_text(" ", strip=True).partition(" ×")[0]
        for tag in page.soup.select(".applied a.tag")
    ]
    assert tags == ["Peringatan", "Kota Kupang", "Belum dibaca kantor perizinan"]
    while page.soup.select(".applied a.tag"):
        page = tika.get(page.soup.select(".applied a.tag")[0]["href"])
    assert len(page.soup.select("tbody tr")) == 1


def test_counting_stops_where_nobody_counts_any_more(
    at: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compliance.licensing.queries.COUNTED", 2)
    for _ in range(4):
        a_case()
    at("2027-03-02 09:00")
    sweep_due_rechecks()
    assert count_flags(user("eda"), FlagFilter()) == {"active": 3, "lifted": 0}


def test_the_cases_page_gets_its_flags_newest_first(at: Clock) -> None:
    case_id = a_warned_case(at)
    a_visit(the_case(case_id), "not_complied", registered=30)
    shown = flags_for_page(the_case(case_id))
    assert [(flag.level, flag.is_active) for flag in shown["flags"]] == [
        ("hold", True),
        ("warning", False),
    ]
    assert set(shown["levels"]) == {"warning", "hold", "sanction"}
