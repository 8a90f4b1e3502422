"""A session ends by disuse and by age, as the office sets it; the page says why, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser import PASSWORD, Browser
from tests.factories import user

pytestmark = pytest.mark.one_store

Open = Callable[..., Browser]
INA = "ina@contoh.example"


def test_a_session_lasts_twelve_hours_after_its_last_use_and_then_leads_back_to_the_page(
    browser: Open, at: Callable[[str], None]
) -> None:
    ina = browser("ina")
    at("2026-11-30 20:59")
    assert ina.get("/account").path == "/account"
    at("2026-12-01 08:58")
    assert ina.get("/account").path == "/account"
    at("2026-12-01 20:58")
    page = ina.get("/account")
    assert page.path == "/login"
    assert "Sesi berakhir karena 12 jam tidak dipakai." in page.text
    assert page.response.request.args["next"] == "/account"
    again = ina.post("/login?next=/account", email=INA, password=PASSWORD)
    assert again.path == "/account"


def test_a_page_that_stands_open_extends_the_session_by_asking(
    browser: Open, at: Callable[[str], None]
) -> None:
    ina = browser("ina")
    at("2026-11-30 20:56")
    answer = ina.post("/account/session/extend").response
    assert (answer.status_code, answer.get_json()) == (200, {"seconds": 43200, "more": True})
    at("2026-12-01 08:55")
    assert (
        ina.get("/account").soup.find("meta", attrs={"name": "session-ends"})["content"] == "43200"
    )
    at("2026-12-01 20:55")
    assert ina.get("/account").path == "/login"
    assert ina.post("/account/session/extend").path == "/login", "what is over cannot be extended"


def test_no_use_goes_beyond_the_limit_in_days_and_the_page_says_so_before(
    browser: Open, at: Callable[[str], None]
) -> None:
    ina = browser("ina")
    hours = ("04:00", "12:00", "20:00")
    times = [f"2026-12-0{day} {hour}" for day in range(1, 7) for hour in hours]
    for moment in ("2026-11-30 20:00", *times):
        at(moment)
        assert ina.get("/account").path == "/account", moment
    at("2026-12-07 00:00")
    meta = ina.get("/account").soup.find("meta", attrs={"name": "session-ends"})
    assert (meta["content"], meta.has_attr("data-final")) == ("32400", True)
    answer = ina.post("/account/session/extend").response.get_json()
    assert answer == {"seconds": 32400, "more": False}
    at("2026-12-07 09:00")
    page = ina.get("/account")
    assert page.path == "/login"
    assert "Sesi berakhir karena sudah 7 hari sejak Anda masuk." in page.text
    english = browser()
    english.client.set_cookie("patuh_session", ina.client.get_cookie("patuh_session").value)
    english.client.set_cookie("language", "en")
    assert "The session ended because you signed in 7 days ago." in english.get("/login").text


def test_the_office_sets_both_limits_and_running_sessions_follow_at_their_next_use(
    browser: Open, at: Callable[[str], None]
) -> None:
    ina, budi, adi = browser("ina"), browser("budi"), browser("adi")
    adi.submit("/admin/settings", session_idle_hours="1", session_days="1")
    assert (
        "sesudah 1 jam tidak dipakai, dan paling lama 1 hari" in browser("lia").get("/account").text
    )
    at("2026-11-30 09:30")
    assert ina.get("/account").path == "/account"
    at("2026-11-30 10:30")
    page = ina.get("/account")
    assert "Sesi berakhir karena 1 jam tidak dipakai." in page.text
    assert budi.get("/account").path == "/account", "it was not used since and keeps what it had"
    at("2026-11-30 11:30")
    assert budi.get("/account").path == "/login"
    refused = browser("adi").submit("/admin/settings", session_idle_hours="0", session_days="31")
    assert refused.status == 422
    assert "Isi bilangan antara 1 dan 72" in refused.text
    assert "Isi bilangan antara 1 dan 30" in refused.text


def test_who_was_signed_out_from_elsewhere_reads_that_and_who_left_reads_nothing(
    browser: Open,
) -> None:
    ina = browser("ina")
    browser("adi").post(f"/admin/users/{user('ina').id}/sign-out")
    assert "karena diakhiri dari tempat lain" in ina.get("/account").text
    assert "Sesi berakhir karena" not in ina.post("/login", email=INA, password="salah saja").text
    budi = browser("budi")
    assert "Sesi berakhir" not in budi.post("/logout").text
    assert "Sesi berakhir" not in browser().get("/account").text


def test_what_is_typed_when_the_limit_in_days_is_over_is_kept(
    browser: Open, at: Callable[[str], None]
) -> None:
    adi = browser("adi")
    adi.get("/account")
    browser("adi").submit("/admin/settings", session_days="1", session_idle_hours="72")
    at("2026-11-30 09:30")
    adi.get("/account")
    at("2026-12-01 09:00")
    page = adi.post("/admin/users/new", name="Wati Contoh")
    assert page.path == "/login"
    assert "karena sudah 1 hari sejak Anda masuk. Yang Anda tulis aman" in page.text
    where = page.response.request
    back = adi.post(
        f"{where.path}?{where.query_string.decode()}", email="adi@contoh.example", password=PASSWORD
    )
    assert back.value("name") == "Wati Contoh"


def test_a_stranger_has_no_session_that_could_end(browser: Open) -> None:
    assert browser().get("/help").soup.find("meta", attrs={"name": "session-ends"}) is None
