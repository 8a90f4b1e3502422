"""The list of cases: whose, which, in what order, how many, and what it says when there are none."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from compliance.cases import listing
from compliance.cases.commands.ending import withdraw_case
from compliance.cases.jobs import sweep_due_rechecks
from compliance.cases.models import Case
from compliance.core.db import db, transaction
from tests.cases.known import OpenBrowser
from tests.cases.listed import Clock, a_case_of, chosen, counts, names
from tests.factories import a_case, a_company, user
from tests.queries import queries

pytestmark = pytest.mark.usefixtures("app")


VIEWS = (
    ("ina", "mine", ["Gagal", "Terlambat", "Segera"]),
    ("ina", "soon", ["Segera"]),
    ("ina", "late", ["Terlambat"]),
    ("ina", "flagged", ["Gagal", "Terlambat"]),
    ("ina", "all", ["Segera", "Terlambat", "Gagal", "Ditarik"]),
    ("budi", "mine", ["Tenang"]),
    ("budi", "all", ["Tenang", "Patuh"]),
    ("tika", "open", ["Gagal", "Terlambat", "Segera", "Tenang"]),
    ("tika", "all", ["Tenang", "Segera", "Terlambat", "Gagal", "Patuh", "Ditarik"]),
    ("sari", "mine", []),
    ("sari", "late", ["Terlambat"]),
    ("lia", "open", ["Gagal", "Terlambat", "Segera"]),
    ("yos", "all", ["Tenang"]),
    ("eda", "open", ["Gagal", "Terlambat", "Segera", "Tenang"]),
)


@pytest.mark.usefixtures("six")
def test_a_view_holds_what_it_says_and_only_what_its_reader_may_see(browser: OpenBrowser) -> None:
    for who, view, expected in VIEWS:
        page = browser(who).get(f"/cases?view={view}")
        assert names(page) == [f"PT Contoh {name}" for name in expected], (who, view)
        assert f"{len(expected)} kasus" in page.text, (who, view)


@pytest.mark.usefixtures("six")
def test_every_number_on_a_tab_is_the_length_of_its_list(browser: OpenBrowser) -> None:
    tika = browser("tika")
    page = tika.get("/cases")
    assert counts(page) == {
        "Terbuka": "4",
        "Jatuh tempo ≤ 14 hari": "1",
        "Terlambat": "1",
        "Batas waktu nota lewat": "0",
        "Belum selesai": "1",
        "Bertanda": "2",
        "Semua": "6",
    }
    for tile in page.soup.select("nav.tiles a"):
        assert len(names(tika.get(tile["href"]))) == int(tile.b.get_text())


def test_due_today_is_soon_and_not_late(browser: OpenBrowser, at: Clock) -> None:
    a_case_of("PT Contoh Hari Ini")
    at("2027-03-01")
    tika = browser("tika")
    assert names(tika.get("/cases?view=soon")) == ["PT Contoh Hari Ini"]
    assert names(tika.get("/cases?view=late")) == []
    assert "jatuh tempo hari ini" in tika.get("/cases?view=soon").text


def test_a_draft_is_no_case_yet(browser: OpenBrowser) -> None:
    ina = browser("ina")
    ina.post(
        "/notas/new",
        company=a_company("PT Contoh Draf").id,
        draft_key="0b2c9ff4-8a3a-4b0e-9f7e-3d1f6f0f9a11",
    )
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Case)) == 1
    page = ina.get("/cases?view=all")
    assert (page.status, names(page)) == (200, [])


def test_admins_have_no_business_with_cases(browser: OpenBrowser) -> None:
    assert browser("adi").get("/cases").status == 403


@pytest.mark.parametrize(
    ("who", "home"),
    [("ina", "Milik saya"), ("sari", "Milik saya"), ("tika", "Terbuka"), ("lia", "Terbuka")],
)
def test_each_role_begins_with_what_is_theirs(browser: OpenBrowser, who: str, home: str) -> None:
    assert chosen(browser(who).get("/cases")) == home


FILTERS = {
    "status=unresolved": ["Gagal"],
    "region=53.08": ["Tenang"],
    "inspector={budi}": ["Tenang", "Patuh"],
    "due_from=1-3-2027&due_to=31+Maret+2027": ["Segera", "Terlambat"],
    "due_to=2027-02-28": ["Gagal", "Patuh", "Ditarik"],
    "q=gagal": ["Gagal"],
    "q=contoh&status=resolved": ["Patuh"],
    "q={number}": ["Terlambat"],
    "q={lower}": ["Terlambat"],
    "q={nota}": ["Terlambat"],
    "q={nib}": ["Terlambat"],
    "view=open&inspector={budi}": ["Tenang"],
    "sector=47": ["Tenang", "Patuh"],
}


@pytest.mark.usefixtures("six")
def test_a_filter_narrows_the_list_and_its_tag_takes_it_away_again(browser: OpenBrowser) -> None:
    case = db.session.scalars(sa.select(Case).order_by(Case.id)).first()
    assert case is not None
    assert case.number is not None
    assert case.nota is not None
    words = {
        "budi": user("budi").id,
        "number": case.number,
        "lower": case.number.lower(),
        "nota": case.nota.number,
        "nib": case.company.nib,
    }
    tika = browser("tika")
    for query, expected in FILTERS.items():
        page = tika.get("/cases?" + query.format(**words))
        assert names(page) == [f"PT Contoh {name}" for name in expected], query
        tags = page.soup.select(".applied a.tag")
        assert len(tags) == query.count("=") - query.count("view=") - query.count("&due_to"), query
        for _ in tags:
            page = tika.get(page.soup.select(".applied a.tag")[0]["href"])
        assert page.soup.select(".applied") == [], query


@pytest.mark.usefixtures("six")
def test_all_filters_go_at_once_and_the_view_stays(browser: OpenBrowser) -> None:
    tika = browser("tika")
    page = tika.get("/cases?view=open&status=in_remedy&region=53.08")
    assert names(page) == ["PT Contoh Tenang"]
    link = next(each for each in page.soup.select(".applied a") if each.get_text() == "Hapus semua")
    page = tika.get(link["href"])
    assert (chosen(page), len(names(page))) == ("Terbuka", 4)


NONSENSE = (
    "status=open", "region=99.99", "inspector=abc", "inspector=99999", "view=draft", "status=draft",
    "size=7", "after=x",
     "after=2027-02-30.1", "after=2027-01-01.999999999999", "order=name", "order=name&after=y.x.1",
     "order=name-desc&after=.1", "order=x", "sector=4", "sector=00", "q=%01", "q=%25", "q=" + "x" * 500,
)  # fmt: skip


@pytest.mark.usefixtures("six")
def test_nonsense_in_the_address_never_breaks_the_list(browser: OpenBrowser) -> None:
    tika = browser("tika")
    assert {query: tika.get(f"/cases?{query}").status for query in NONSENSE} == dict.fromkeys(
        NONSENSE, 200
    )


@pytest.mark.usefixtures("six")
def test_a_date_that_is_none_says_so_and_is_kept_as_typed(browser: OpenBrowser) -> None:
    page = browser("tika").get("/cases?due_from=31-2-2027")
    assert "Tulis tanggal seperti" in page.text
    assert page.value("due_from") == "31-2-2027"


def test_a_sector_of_many_companies_holds_the_same_cases(
    browser: OpenBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("Satu", "Dua", "Tiga"):
        a_case_of(f"PT Contoh {name}", "budi")
    a_case_of("PT Contoh Tanpa KBLI")
    tika = browser("tika")
    few = names(tika.get("/cases?sector=47&order=name"))
    monkeypatch.setattr(listing, "MOST_COMPANIES", 2)
    page = tika.get("/cases?sector=47&order=name")
    assert names(page) == few == ["PT Contoh Dua", "PT Contoh Satu", "PT Contoh Tiga"]
    [tag] = page.soup.select(".applied a.tag")
    assert tag.get_text().startswith("47 Perdagangan eceran")


def test_a_count_stops_where_nobody_counts_on(
    browser: OpenBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "COUNTED", 2)
    monkeypatch.setattr("compliance.cases.views.COUNTED", 2)
    for _ in range(4):
        a_case()
    page = browser("tika").get("/cases")
    assert counts(page)["Terbuka"] == "2+"
    assert "2+ kasus" in page.text


def test_a_word_that_too_many_companies_bear_is_not_searched_in_silence(
    browser: OpenBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PT Contoh Satu", "PT Contoh Dua", "PT Contoh Tiga"):
        a_case_of(name)
    monkeypatch.setattr(listing, "MOST_COMPANIES", 2)
    tika = browser("tika")
    assert "Tulis namanya lebih lengkap" in tika.get("/cases?q=contoh").text
    page = tika.get("/cases?q=contoh+dua")
    assert "Tulis namanya lebih lengkap" not in page.text
    assert names(page) == ["PT Contoh Dua"]


@pytest.mark.parametrize(
    ("who", "query", "words"),
    [
        (
            "ina",
            "",
            "Belum ada kasus yang menunggu cek ulang. Kasus dimulai dengan nota pemeriksaan.",
        ),
        ("tika", "", "Kasus muncul begitu pengawas menerbitkan nota."),
        ("tika", "?view=flagged", "Tidak ada catatan perizinan yang berlaku."),
        ("tika", "?q=tidakada", "Tidak ada kasus yang cocok dengan saringan ini."),
    ],
)
def test_an_empty_list_says_why_and_what_next(
    browser: OpenBrowser, who: str, query: str, words: str
) -> None:
    page = browser(who).get(f"/cases{query}")
    assert words in page.text
    if who == "ina":
        assert "/notas/new" in page.links()


def test_nothing_late_tells_when_the_next_recheck_is(browser: OpenBrowser) -> None:
    a_case(issued_on=date(2026, 9, 15))
    a_case(issued_on=date(2026, 9, 15))
    page = browser("tika").get("/cases?view=late")
    assert (
        "Tidak ada kasus terlambat. Cek ulang berikutnya: 15 Desember 2026 (2 kasus)." in page.text
    )
    assert (
        "Tidak ada kasus di sini. Cek ulang berikutnya: 15 Desember 2026"
        not in browser("yos").get("/cases").text
    )


@pytest.mark.usefixtures("six")
def test_an_inspector_is_not_asked_which_inspector(browser: OpenBrowser) -> None:
    assert browser("ina").get("/cases").soup.find(id="inspector") is None
    assert browser("lia").get("/cases").soup.find(id="region") is None
    assert browser("eda").get("/cases").soup.find(id="region") is not None
    assert browser("tika").get("/cases").soup.find(id="inspector") is not None


@pytest.mark.usefixtures("six")
def test_the_list_reads_in_english(browser: OpenBrowser) -> None:
    page = browser("tika", "en").get("/cases?view=all&due_from=1-3-2027&status=in_remedy")
    assert page.soup.html["lang"] == "en"
    assert names(page) == ["PT Contoh Tenang", "PT Contoh Segera"]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?view=flagged&region=53.71&status=recheck_due",
        "?q=contoh&view=all",
        "?view=late&q=tidakada",
    ],
)
def test_the_list_asks_at_most_ten_questions_however_long_it_is(
    browser: OpenBrowser, at: Clock, query: str
) -> None:
    at("2027-03-10")
    tika = browser("tika")

    def asked() -> int:
        with queries() as seen:
            assert tika.get(f"/cases{query}").status == 200
        assert len(seen) <= 10, seen
        return len(seen)

    for _ in range(2):
        a_case(issued_on=date(2026, 11, 30))
    for _ in range(2):
        sweep_due_rechecks()
    few = asked()
    for _ in range(20):
        a_case(issued_on=date(2026, 11, 30))
    for _ in range(2):
        sweep_due_rechecks()
    assert asked() == few


def test_nobody_begins_at_an_empty_list_while_there_are_cases(browser: OpenBrowser) -> None:
    sari, case = browser("sari"), a_case_of("PT Contoh Bahari", "budi")
    assert (chosen(sari.get("/cases")), names(sari.get("/cases"))) == (
        "Terbuka",
        ["PT Contoh Bahari"],
    )
    with transaction():
        withdraw_case(db.session.get_one(Case, case.id), by=user("sari"), reason="Salah perusahaan")
    assert (chosen(sari.get("/cases")), names(sari.get("/cases"))) == (
        "Semua",
        ["PT Contoh Bahari"],
    )
    assert "PT Contoh Bahari" in sari.get("/cases.csv").html
    assert chosen(sari.get("/cases?view=mine")) == "Milik saya", "asked for, it is shown"


def test_a_tag_that_every_row_bears_is_said_once_above_them(
    browser: OpenBrowser, at: Clock
) -> None:
    for number in range(3):
        a_case_of(f"PT Contoh Satu {number}")
    page = browser("tika").get("/cases")
    assert page.soup.select("tbody .tag") == []
    assert "Semua di halaman ini: Nota terbuka" in page.text
    at("2027-03-20 08:00")
    sweep_due_rechecks()
    page = browser("tika").get("/queue")
    assert (page.soup.select("tbody .tag"), "semua di sini: Peringatan" in page.text) == ([], True)
    a_case_of("PT Contoh Baru")
    page = browser("tika").get("/cases")
    assert "Nota terbuka" in [tag.get_text() for tag in page.soup.select("tbody .tag")]
    assert "Semua di halaman ini" not in page.text
