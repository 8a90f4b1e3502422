"""What a browser keeps for when there is no network: nothing personal, and nothing old."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from compliance.web import assets
from tests.browser import Browser

pytestmark = pytest.mark.one_store

Open = Callable[..., Browser]


def worker(browser: Browser) -> tuple[str, list[str]]:
    """The name of the worker's cache, and what it keeps there."""
    page = browser.get("/sw.js")
    assert page.response.mimetype == "text/javascript"
    found = re.search(r"const NAME = (.*?), SHELL = (.*?);", page.html)
    assert found
    return json.loads(found[1]), json.loads(found[2])


def test_the_page_for_no_network_is_the_same_for_everybody_and_in_both_languages(
    browser: Open,
) -> None:
    pages = [
        browser().get("/offline"),
        browser("ina").get("/offline"),
        browser("lia", "en").get("/offline"),
    ]
    assert len({page.html for page in pages}) == 1
    for sentence in (
        "Tidak ada yang terkirim.",
        "Nothing was sent.",
        "Tersimpan di perangkat ini",
        "Coba lagi",
    ):
        assert sentence in pages[0].text
    assert "Ina Contoh" not in pages[1].html
    assert "csrf_token" not in pages[1].html
    assert pages[0].soup.select_one("a[data-again]")["href"] == "", "the same address once more"


def test_the_worker_keeps_the_shell_and_nothing_else(browser: Open) -> None:
    stranger = browser()
    _name, shell = worker(stranger)
    assert len(shell) >= 4
    for address in shell:
        assert address.startswith("/assets/")
        response = stranger.get(address).response
        assert response.status_code == 200, address
    assert worker(browser("ina")) == worker(stranger)


def test_a_page_without_files_of_its_own_loads_only_what_the_worker_keeps(browser: Open) -> None:
    _name, shell = worker(browser())
    page = browser("ina").get("/account")
    loaded = {
        str(each.get("src") or each.get("href"))
        for each in page.soup.select("script[src], link[href]")
    }
    assert loaded <= set(shell)


def test_a_new_version_of_any_file_renames_the_cache(
    browser: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = Path(shutil.copytree(assets.STATIC_FOLDER, tmp_path / "static"))
    monkeypatch.setattr(assets, "STATIC_FOLDER", copied)
    before, _ = worker(browser())
    assert worker(browser())[0] == before
    (copied / "app.css").write_text("b")
    assert worker(browser())[0] != before


def test_an_answered_form_says_so_to_the_browser_that_sent_it_and_no_other_answer_does(
    browser: Open,
) -> None:
    def told(path: str, **fields: str) -> str | None:
        ina.client.delete_cookie("answered")
        ina.post(path, **fields)
        cookie = ina.client.get_cookie("answered")
        return cookie.value if cookie else None

    ina = browser("ina")
    assert told("/account", language="id") == "%2Faccount"
    assert told("/account", language="xx") is None, "refused: it is still on the screen"
    assert told("/admin/settings", office_name="x") is None
    ina.client.delete_cookie("session")
    assert told("/account", language="id") is None, "it is given back, not answered"
    ina.client.delete_cookie("patuh_session")
    assert told("/account", language="id") is None
