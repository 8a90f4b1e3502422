"""An inspector's tasks on a phone, held against their budgets of taps and keys; and the same by
keyboard alone.

A weak network does not matter: what is sent twice, or sent again because no answer came, does its work once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, Route, expect

from compliance.cases.jobs import sweep_due_rechecks
from compliance.cases.models import Case, Nota, Visit
from compliance.core.db import db
from tests.factories import a_case, a_company
from tests.journeys.hands import Hands

pytestmark = [pytest.mark.browser, pytest.mark.one_store, pytest.mark.xdist_group("browser")]
NAME = "PT Contoh Bahari Timur"
NIB = "9120000000017"
GO = "main form[method=post] .btn-go"
"""The green button of a form."""


def read(query: sa.Select[Any]) -> Any:
    """What the store says to `query`, keeping nothing open that a request would wait for."""
    db.session.rollback()
    found = db.session.scalars(query).one()
    db.session.rollback()
    return found


def count(kind: type) -> int:
    return int(read(sa.select(sa.func.count()).select_from(kind)))


def a_company_to_inspect(name: str = NAME, **facts: Any) -> int:
    """A company's id."""
    company_id = a_company(name, **facts).id
    db.session.rollback()
    return company_id


def heading(page: Page, words: str) -> None:
    expect(page.locator("h1")).to_have_text(words)


def from_the_place_to_the_end(hands: Hands, *, total: str, registered: str) -> None:
    """The pages after the company, as they come, to the page that says the nota is issued."""
    page = hands.page
    heading(page, "Di mana yang diperiksa?")
    hands.tap(GO)
    heading(page, "Berapa pekerjanya?")
    hands.tap("#workers_total")
    hands.type(total)
    hands.tap("#workers_registered")
    hands.type(registered)
    hands.tap(GO)
    heading(page, "Apa yang ditemukan?")
    expect(page.locator("#findings-JS-02")).to_be_checked()  # the workers imply it
    hands.tap(GO)
    heading(page, "Kapan, dan siapa yang ditemui?")
    hands.tap(GO)
    heading(page, "Periksa sebelum terbit")
    hands.tap("text=Terbitkan nota")
    heading(page, "Nota terbit")


def test_a_nota_for_a_known_company_takes_twelve_taps_and_three_numbers(
    phone: Callable[[], Page],
) -> None:
    a_company(NAME, nib=NIB, scale="medium", address="Jalan Misal 1")
    hands = Hands(phone())
    hands.tap("a:has-text('Buat nota')")
    hands.tap("#q")
    hands.type(NIB)
    hands.tap("main >> text=Cari")
    expect(hands.page.locator("input[name=company]")).to_be_checked()
    hands.tap(GO)
    from_the_place_to_the_end(hands, total="40", registered="28")
    hands.spent(taps=12, keys=len(NIB) + len("40") + len("28"))
    assert read(sa.select(Nota.place)) == "Jalan Misal 1"


def test_a_nota_begun_on_the_companys_page_has_the_company_filled_in(
    phone: Callable[[], Page],
) -> None:
    company = a_company_to_inspect(NAME, scale="medium", workers_total=40)
    page = phone()
    page.goto(f"/companies/{company}")
    hands = Hands(page)
    hands.tap("main a:has-text('Buat nota')")
    hands.tap(GO)
    heading(page, "Di mana yang diperiksa?")
    hands.spent(taps=2)


def test_a_nota_for_a_new_company_takes_sixteen_taps_and_forty_letters(
    phone: Callable[[], Page],
) -> None:
    a_company("PT Contoh Bahari Barat")
    page = phone()
    hands = Hands(page)
    hands.tap("a:has-text('Buat nota')")
    hands.tap("#q")
    hands.type("PT Misal Kopi")
    hands.tap("main >> text=Cari")
    expect(page.locator("main")).to_contain_text("Tidak ditemukan")
    hands.tap("text=Daftarkan perusahaan")
    expect(page.locator("#name")).to_have_value("PT Misal Kopi")
    hands.choose("#region_code", "Kab. Ende")
    hands.tap("main >> button:has-text('Daftarkan perusahaan')")
    heading(page, "Di mana yang diperiksa?")
    hands.tap("#place")
    hands.type("Jalan Misal 1, Ende")
    from_the_place_to_the_end(hands, total="12", registered="3")
    hands.spent(taps=16, keys=40)
    assert read(sa.select(Nota.company_name)) == "PT Misal Kopi"


def test_an_interrupted_draft_is_two_taps_from_signing_in(phone: Callable[[], Page]) -> None:
    company = a_company_to_inspect(NAME, scale="medium")
    page = phone()
    page.goto(f"/notas/new?company={company}")
    page.click(GO)
    page.click(GO)
    page.fill("#workers_total", "1.250")
    page.click("text=Simpan, lanjutkan nanti")
    page.wait_for_url("**/drafts")
    hands = Hands(phone())
    hands.tap("#drafts .title")
    heading(hands.page, "Berapa pekerjanya?")
    expect(hands.page.locator("#workers_total")).to_have_value("1.250")
    hands.spent(taps=2)


@pytest.mark.parametrize(
    ("outcome", "counted", "taps", "said"),
    [
        ("Patuh", "40", 7, "Dicatat: patuh. Kasus selesai"),
        ("Belum patuh", "30", 8, "Catatan perizinan dikirim ke"),
    ],
)
def test_a_recheck_is_a_few_taps_and_a_number(
    phone: Callable[[], Page],
    at: Callable[[str], None],
    outcome: str,
    counted: str,
    taps: int,
    said: str,
) -> None:
    a_case(company=a_company(NAME))
    at("2027-03-01 08:00")
    sweep_due_rechecks()
    page = phone()
    hands = Hands(page)
    hands.tap(f"text={NAME}")
    main = page.locator(".next .btn-go")
    box = main.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 640, "the next act is on the first screen"
    hands.tap(main)
    if outcome != "Patuh":
        hands.tap("text=yang akan dibaca perizinan")
        expect(page.locator("main")).to_contain_text("MERAH – ADA CATATAN")
    hands.tap(page.get_by_role("radio", name=outcome, exact=True))
    hands.tap("#workers_registered")
    hands.type(counted)
    if outcome == "Patuh":
        hands.tap("input[name=fixed]")
        hands.tap(GO)
        expect(page.locator("#problems")).to_contain_text("Kasus akan ditutup")
    hands.tap(GO)
    expect(page.locator(".notice[role=status]")).to_contain_text(said)
    hands.spent(taps=taps, keys=len(counted))
    assert count(Visit) == 1


def test_a_day_that_is_often_meant_is_one_tap(phone: Callable[[], Page]) -> None:
    company = a_company_to_inspect(NAME, scale="medium")
    page = phone()
    page.goto(f"/notas/new?company={company}")
    page.click(GO)
    page.wait_for_url("**/place")
    page.goto(page.url.replace("/place", "/notes"))
    hands = Hands(page)
    hands.tap(page.locator("[data-fills=inspected_on]", has_text="Kemarin"))
    expect(page.locator("#inspected_on")).to_have_value("29-11-2026")
    expect(page.locator("#issued_on")).to_have_value("30-11-2026")
    hands.spent(taps=1)


def a_whole_draft(page: Page) -> None:
    """A draft at its review, on `page`."""
    company = a_company_to_inspect(NAME, scale="medium")
    page.goto(f"/notas/new?company={company}")
    page.click(GO)
    page.click(GO)
    page.fill("#workers_total", "40")
    page.fill("#workers_registered", "28")
    page.click(GO)
    page.check("#findings-JS-02")
    page.click(GO)
    page.click(GO)
    heading(page, "Periksa sebelum terbit")


def test_a_double_tap_makes_one_draft_and_one_nota(phone: Callable[[], Page]) -> None:
    page = phone()
    company = a_company_to_inspect("PT Contoh Ganda")
    page.goto(f"/notas/new?company={company}")
    page.evaluate(
        "() => { const f = document.querySelector('main form[method=post]'); f.requestSubmit();"
        " f.requestSubmit(); }"
    )
    heading(page, "Di mana yang diperiksa?")
    assert count(Case) == 1
    a_whole_draft(page)
    page.locator("text=Terbitkan nota").dblclick(no_wait_after=True)
    heading(page, "Nota terbit")
    assert (count(Case), count(Nota)) == (2, 1)


def test_a_nota_whose_answer_never_came_is_not_issued_twice(phone: Callable[[], Page]) -> None:
    page = phone()
    a_whole_draft(page)
    lost = []

    def lose_the_answer(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch(max_redirects=0).status)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/review", lose_the_answer)
    with page.expect_event("requestfailed"):
        page.locator("text=Terbitkan nota").click(no_wait_after=True)
    page.wait_for_url("chrome-error://**")
    assert (lost, count(Nota)) == ([303], 1)
    page.reload()
    heading(page, "Nota terbit")
    assert count(Nota) == 1


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until `selector` has the focus; every stop on the way is seen and nothing lies over it."""
    for _press in range(90):
        page.keyboard.press("Tab")
        assert page.evaluate(HIDDEN) is None
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached with Tab on {page.url}")


HIDDEN = """() => {
  const one = document.activeElement, box = one.getClientRects()[0];
  if (one === document.body || !box?.width) return null;
  const [x, y] = [box.left + Math.min(box.width / 2, 20), box.top + Math.min(box.height / 2, 20)];
  const top = document.elementFromPoint(x, y);
  const reached = top && (one.contains(top) || top.contains(one) || top.control === one
    || one.labels?.[0]?.contains(top));
  return reached ? null : one.outerHTML.slice(0, 120);
}"""
"""What has the focus but cannot be seen, because it lies outside the screen or something lies over it."""


@pytest.mark.parametrize("width", [360, 1280])
def test_a_nota_is_issued_with_the_keyboard_alone(person: Callable[..., Page], width: int) -> None:
    a_company(NAME, nib=NIB, scale="medium")
    page = person("ina", width=width)
    page.emulate_media(reduced_motion="reduce")  # scrolled at once, not by and by
    keyboard = page.keyboard
    tab_to(page, "main .btn-go")
    keyboard.press("Enter")
    expect(page.locator("#q")).to_be_focused()
    keyboard.type(NIB)
    keyboard.press("Enter")
    expect(page.locator("input[name=company]")).to_be_checked()
    tab_to(page, "main form[method=post] .btn-go")
    keyboard.press("Enter")
    heading(page, "Di mana yang diperiksa?")
    tab_to(page, "[name=go][value=next]")
    keyboard.press("Enter")
    heading(page, "Berapa pekerjanya?")
    tab_to(page, "#workers_total")
    keyboard.type("40")
    tab_to(page, "#workers_registered")
    keyboard.type("dua puluh")
    keyboard.press("Enter")
    expect(page.locator("#problems")).to_be_focused()
    assert page.title().startswith("Kesalahan:")
    tab_to(page, "#problems a")
    keyboard.press("Enter")
    expect(page.locator("#workers_registered")).to_be_focused()
    keyboard.press("Control+A")
    keyboard.type("28")
    keyboard.press("Enter")
    heading(page, "Apa yang ditemukan?")
    expect(page.locator("#findings-JS-02")).to_be_checked()
    tab_to(page, "[name=go][value=next]")
    keyboard.press("Space")
    heading(page, "Kapan, dan siapa yang ditemui?")
    tab_to(page, "[name=go][value=next]")
    keyboard.press("Enter")
    heading(page, "Periksa sebelum terbit")
    tab_to(page, "main form .btn-go")
    keyboard.press("Enter")
    heading(page, "Nota terbit")


def test_a_recheck_is_recorded_with_the_keyboard_alone(
    person: Callable[..., Page], at: Callable[[str], None]
) -> None:
    a_case(company=a_company(NAME))
    at("2027-03-01 08:00")
    page = person("ina", width=360)
    page.emulate_media(reduced_motion="reduce")
    keyboard = page.keyboard
    tab_to(page, ".item .title")
    keyboard.press("Enter")
    heading(page, NAME)
    tab_to(page, ".next .btn-go")
    keyboard.press("Enter")
    heading(page, "Catat hasil cek ulang")
    tab_to(page, "[name=outcome]")
    keyboard.press("Space")
    expect(page.get_by_role("radio", name="Patuh", exact=True)).to_be_checked()
    tab_to(page, "#workers_registered")
    keyboard.type("38")
    tab_to(page, "[name=fixed]")
    keyboard.press("Space")
    tab_to(page, "main form .acts .btn-go")
    keyboard.press("Enter")
    expect(page.locator("#problems")).to_be_focused()
    expect(page.locator("#problems")).to_contain_text(
        "Patuh, tetapi 2 dari 40 pekerja belum terdaftar."
    )
    tab_to(page, "main form .acts .btn-go")
    keyboard.press("Enter")
    expect(page.locator(".notice[role=status]")).to_contain_text("Dicatat: patuh.")
    assert count(Visit) == 1


def test_nothing_traps_the_focus_and_no_bar_hides_it(person: Callable[..., Page]) -> None:
    for each in range(14):
        a_case(company=a_company(f"PT Contoh Ke-{each:02}", phone="0380-123456"))
    page = person("ina", width=360)
    page.emulate_media(reduced_motion="reduce")
    company = a_company_to_inspect(NAME)
    page.goto(f"/notas/new?company={company}")
    page.click(GO)
    page.wait_for_url("**/place")
    draft = page.url.rsplit("/", 1)[0]
    case = read(sa.select(Case.number).where(Case.number.is_not(None)).limit(1))
    for path in (
        "/field",
        f"{draft}/findings",
        f"{draft}/notes",
        f"/cases/{case}",
        f"/cases/{case}/recheck",
    ):
        page.goto(path)
        for part in page.locator("details").all():
            part.evaluate("one => (one.open = true)")
        stops = []
        for _press in range(250):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement === document.body"):
                break
            assert page.evaluate(HIDDEN) is None, path
            stops.append(page.evaluate("document.activeElement.outerHTML"))
        assert page.evaluate("document.activeElement === document.body"), f"{path} keeps the focus"
        assert len(stops) > 8, path
