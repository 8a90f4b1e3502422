"""The overdue queue as the compliance team sees it: by days, narrowed by the address, empty with a
next step.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from compliance.cases.models import Case, Nota
from compliance.core.db import db, transaction
from compliance.licensing.models import Flag
from compliance.office.settings import today
from tests.browser import Browser, Page
from tests.factories import a_case, a_company, a_visit, user
from tests.queries import queries
from tests.team.crowd import Row, a_crowd

pytestmark = pytest.mark.usefixtures("app")
Open = Callable[..., Browser]


def listed(page: Page) -> list[str]:
    """The companies in the list, in order."""
    return [str(link.get_text()) for link in page.soup.select("section.panel form table a.title")]


def tiles(page: Page) -> dict[str, str]:
    return {
        tile.contents[-1]: tile.b.get_text() for tile in page.soup.select("nav a.tile") if tile.b
    }


def link(page: Page, words: str) -> str:
    """Where the link with these words leads."""
    found = [
        str(each["href"])
        for each in page.soup.select("main a")
        if words in " ".join(each.get_text(" ").split())
    ]
    assert len(found) == 1, f"{words}: {found}"
    return found[0]


@pytest.mark.parametrize(
    ("who", "status"), [("tika", 200), ("sari", 200), ("ina", 403), ("lia", 403), ("adi", 403)]
)
def test_only_the_team_and_the_supervisors_see_the_queue(
    browser: Open, who: str, status: int
) -> None:
    assert browser(who).get("/queue").status == status


def test_the_queue_is_home_to_the_compliance_team(browser: Open) -> None:
    assert browser("tika").get("/").path == "/queue"


def test_a_case_is_late_by_its_day_whether_or_not_a_sweep_ran(
    browser: Open, at: Callable[[str], None]
) -> None:
    a_case(company=a_company("PT Contoh Bahari"))  # falls due on Monday, 1 March 2027
    at("2027-03-01")
    page = browser("tika").get("/queue")
    assert "Tidak ada kasus terlambat. Cek ulang berikutnya: 1 Maret 2027 (1 kasus)." in page.text
    at("2027-03-02")
    page = browser("tika").get("/queue")
    assert listed(page) == ["PT Contoh Bahari"]
    assert "1 Maret 2027 terlambat 1 hari 12 dari 40 Ina Contoh" in page.text


def test_the_longest_overdue_stands_first_with_its_numbers_and_tags(browser: Open) -> None:
    ina, budi = user("ina").id, user("budi").id
    a_crowd(
        [
            Row(late=10, inspector_id=ina, name="PT Contoh Bahari", level="warning"),
            Row(
                late=192, inspector_id=budi, name="CV Contoh Sinar", region="53.08", escalated=True
            ),
            Row(late=0, inspector_id=ina),
            Row(late=40, inspector_id=ina, status="unresolved"),
        ]
    )
    page = browser("tika").get("/queue")
    assert listed(page) == ["CV Contoh Sinar 10001", "PT Contoh Bahari 10000"]
    first, second = (
        " ".join(row.get_text(" ").split()) for row in page.soup.select("form tbody tr")
    )
    assert (
        first
        == "CV Contoh Sinar 10001 Dieskalasi NTT-2026-10001 · 560/10001-NP/2026 Kab. Ende 22 Mei"
        " 2026 terlambat 192 hari 12 dari 40 Budi Misal"
    )
    assert second.startswith("PT Contoh Bahari 10000 Peringatan NTT-2026-10000")


def test_a_case_is_shown_once_with_its_gravest_flag_and_its_nota_i(browser: Open) -> None:
    a_crowd([Row(late=3, inspector_id=user("ina").id, level="sanction")])
    with transaction():
        first, flag = db.session.query(Nota).one(), db.session.query(Flag).one()
        for model, row, changes in (
            (Nota, first, {"number": "560/NP-II", "kind": "II"}),
            (Flag, flag, {"level": "warning", "letter_number": None}),
        ):
            columns = {
                column.key: getattr(row, column.key)
                for column in model.__table__.columns
                if column.key != "id"
            }
            db.session.add(model(**{**columns, **changes}))
    page = browser("tika").get("/queue")
    assert len(listed(page)) == 1
    assert "Permintaan TMP2T" in page.text
    assert "560/NP-II" not in page.text
    assert "Peringatan NTT" not in page.text


def test_tiles_are_links_that_filter_and_their_counts_are_the_lists(browser: Open) -> None:
    ina = user("ina").id
    a_crowd(
        Row(late=late, inspector_id=ina, region="53.71" if late % 2 else "53.08")
        for late in (1, 2, 7, 8, 30, 31, 90, 91, 200)
    )
    tika = browser("tika")
    for region, counts in (("", ["9", "3", "2", "2", "2"]), ("53.71", ["4", "2", "0", "1", "1"])):
        page = tika.get(f"/queue?region={region}")
        assert list(tiles(page).values()) == counts
        for words, count in tiles(page).items():
            narrowed = tika.get(link(page, f"{count} {words}"))
            assert str(len(listed(narrowed))) == count
            [tile] = narrowed.soup.select("nav a.tile[aria-current]")
            assert tile.b is not None and tile.b.get_text() == count


def test_filters_stand_in_the_address_as_tags_that_can_be_taken_away(browser: Open) -> None:
    ina, budi = user("ina").id, user("budi").id
    a_crowd(
        [
            Row(late=5, inspector_id=ina, name="PT Contoh Kopi"),
            Row(late=6, inspector_id=budi, name="PT Contoh Garam"),
            Row(
                late=50,
                inspector_id=ina,
                name="UD Misal Kopi",
                region="53.08",
                escalated=True,
                level="hold",
            ),
        ]
    )
    tika = browser("tika")
    page = tika.get(f"/queue?inspector={ina}&region=53.08&mark=escalated&late=31-90&q=kopi&size=50")
    assert listed(page) == ["UD Misal Kopi 10002"]
    assert [tag.contents[0].strip() for tag in page.soup.select(".applied a.tag")] == [
        "“kopi”",
        "terlambat 31–90 hari",
        "Kab. Ende",
        "Ina Contoh",
        "Sudah dieskalasi",
    ]
    for words in ("“kopi”", "31–90 hari ×", "Kab. Ende ×", "Ina Contoh ×", "Sudah dieskalasi ×"):
        assert link(page, words).count("=") == 5
    page = tika.get(link(page, "Hapus semua"))
    assert len(listed(page)) == 3
    assert page.response.request.query_string == b"size=50"
    assert len(listed(tika.get("/queue?mark=flagged"))) == 1
    assert len(listed(tika.get("/queue?mark=not_escalated"))) == 2


@pytest.mark.parametrize(
    ("typed", "found"),
    [("kopi bah", 1), ("ntt-2026-0001", 1), ("560/001-NP/XI/2026", 1), ("9120000000001", 1),
        ("01.234.567.8-901.000", 1),
     ("15070955", 1), ("PT", 0), ("%", 0), ("garam", 0)],
)  # fmt: skip
def test_one_box_finds_a_name_or_any_number(
    browser: Open, at: Callable[[str], None], typed: str, found: int
) -> None:
    a_case(
        company=a_company(
            "PT Contoh Kopi Bahari",
            nib="9120000000001",
            npwp="01.234.567.8-901.000",
            npp="15070955",
        )
    )
    a_case(company=a_company("UD Misal Lain"))
    at("2027-06-01")
    page = browser("tika").get("/queue", query_string={"q": typed})
    assert listed(page) == ["PT Contoh Kopi Bahari"] * found
    assert tiles(page)["Semua"] == str(found)


def test_what_makes_no_sense_in_the_address_is_no_filter_and_no_error(browser: Open) -> None:
    a_crowd([Row(late=5, inspector_id=user("ina").id)])
    tika = browser("tika")
    for asked in (
        "late=9",
        "region=99",
        "mark=x",
        "inspector=abc",
        "inspector=99999999999",
        "after=x",
        "after=2026-13-01.1",
        "after=2026-01-01.99999999999",
        "size=7",
        "inspector=²",
    ):
        page = tika.get(f"/queue?{asked}")
        assert (page.status, len(listed(page)), page.soup.select(".applied")) == (200, 1, []), asked


def test_pages_follow_one_another_without_loss(browser: Open) -> None:
    a_crowd(
        Row(late=number // 3 + 1, inspector_id=user("ina").id, name="PT Contoh")
        for number in range(60)
    )
    tika, seen = browser("tika"), list[str]()
    page = tika.get("/queue")
    for _ in range(3):
        seen += listed(page)
        following = page.soup.select_one("a[rel=next]")
        if following is not None:
            page = tika.get(str(following["href"]))
    assert (len(seen), len(set(seen))) == (60, 60)
    assert len(listed(tika.get(link(page, "50")))) == 50
    assert len(listed(tika.get(link(page, "Ke awal daftar")))) == 25


def test_an_inspectors_load_is_open_overdue_and_notas_of_this_month(browser: Open) -> None:
    ina, budi = user("ina").id, user("budi").id
    first = today().replace(day=1)
    a_crowd(
        [
            Row(late=5, inspector_id=ina, issued_on=first),
            Row(late=-9, inspector_id=ina, issued_on=first),
            Row(late=9, inspector_id=ina, status="unresolved"),
            Row(late=9, inspector_id=ina, status="resolved", issued_on=first),
            Row(late=2, inspector_id=budi),
        ]
    )
    with transaction():
        user("budi").active = False
    tika = browser("tika")
    page = tika.get(link(tika.get("/queue?late=1-7"), "Beban per pengawas"))
    rows = [" ".join(row.get_text(" ").split()) for row in page.soup.select("#load tbody tr")]
    assert rows == [
        "Budi Misal tidak bekerja lagi 1 1 0 dari 5",
        "Ina Contoh 3 1 3 dari 5",
        "Sari Umpama 0 0 0 dari 5",
    ]
    assert listed(tika.get(link(page, "Ina Contoh"))) == ["PT Contoh Usaha 10000"]


def test_nothing_late_names_the_next_day_and_nothing_found_offers_to_take_the_filter_away(
    browser: Open,
) -> None:
    tika = browser("tika")
    assert (
        "Tidak ada kasus terlambat, dan tidak ada cek ulang yang ditunggu."
        in tika.get("/queue").text
    )
    a_crowd(Row(late=late, inspector_id=user("ina").id) for late in (-1, -1, -1, -2))
    assert (
        "Tidak ada kasus terlambat. Cek ulang berikutnya: 1 Desember 2026 (3 kasus)."
        in tika.get("/queue").text
    )
    page = tika.get("/queue?region=53.08")
    assert "Tidak ada kasus terlambat yang cocok dengan saringan ini." in page.text
    assert link(page, "Hapus semua saringan") == "/queue"


def test_a_case_leaves_the_queue_with_its_recheck(browser: Open, at: Callable[[str], None]) -> None:
    id = a_case(company=a_company("PT Contoh Bahari")).id
    at("2027-03-09")
    tika = browser("tika")
    assert listed(tika.get("/queue")) == ["PT Contoh Bahari"]
    a_visit(db.session.get_one(Case, id), "not_complied", registered=30)
    assert listed(tika.get("/queue")) == []


@pytest.mark.parametrize("address", ["/queue?size=100", "/queue?size=100&load=1&q=contoh",
    "/queue/confirm?act=reassign&all=1",
                                     "/queue/confirm?act=extend&all=1",
                                     "/queue/confirm?act=remind&all=1"])  # fmt: skip
def test_the_number_of_queries_does_not_grow_with_the_rows(browser: Open, address: str) -> None:
    """5 cases of one inspector against 80 of three."""
    ids = [user(who).id for who in ("ina", "budi", "sari")]
    sent, tika = [], browser("tika")
    for first_id, count, holders in ((10_000, 5, ids[:1]), (20_000, 75, ids)):
        a_crowd(
            (
                Row(late=number + 1, inspector_id=holders[number % len(holders)], level="warning")
                for number in range(count)
            ),
            first_id=first_id,
        )
        with queries() as seen:
            assert tika.get(address).status == 200
        sent.append(len(seen))
        assert len(seen) <= 10, seen
    assert sent[0] == sent[1]
