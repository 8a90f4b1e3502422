"""The help page: open to strangers, says what words mean, who does what and whom to call."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from compliance.core.db import transaction
from compliance.office.commands import change_settings
from tests.browser import Browser
from tests.factories import user
from tests.house.source import ROOT

pytestmark = pytest.mark.one_store


@pytest.mark.usefixtures("app")
def test_a_stranger_finds_what_the_words_mean_and_who_does_what(
    browser: Callable[..., Browser],
) -> None:
    page = browser().get("/help")
    assert (page.path, page.status) == ("/help", 200)
    for words in (
        "Nota pemeriksaan",
        "TMP2T",
        "PU",
        "BPU",
        "NIB",
        "NPP",
        "PTSP",
        "Cek ulang",
        "Tim kepatuhan",
    ):
        assert words in page.text
    assert "Kontak belum diisi" in page.text


@pytest.mark.usefixtures("app")
def test_it_falls_into_none_of_the_traps(browser: Callable[..., Browser]) -> None:
    words = browser().get("/help").text
    assert "Bukan pemeriksaan ulang" in words
    assert "bukan langkah ketiga" in words
    assert "Dinas tenaga kerja tidak pernah menjatuhkannya" in words
    assert "Punya NIB belum berarti menjadi peserta BPJS" in words


@pytest.mark.usefixtures("app")
def test_it_lists_every_shortcut_that_acts(browser: Callable[..., Browser]) -> None:
    """The sheet is the same section: what the script knows and what is told must not part."""
    script = (ROOT / "compliance" / "web" / "static" / "keys.js").read_text()
    places = re.search(r"PLACES = \{ (.*?) \}", script)
    assert places is not None
    sheet = browser().get("/help").soup.select_one("#shortcuts")
    assert sheet is not None
    told = {dt.get_text(" ", strip=True) for dt in sheet.select("dt")}
    assert {f"g {letter}" for letter in re.findall(r"(\w): ", places[1])} <= told
    buttons = "".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    assert {"j", "k", "x", "X", "o", "/", "?"} <= told
    assert set(re.findall(r'data-key="(\w)"', buttons)) | {"a", "r", "p", "e"} <= told


@pytest.mark.usefixtures("app")
def test_it_names_the_contact_that_the_office_has_set(browser: Callable[..., Browser]) -> None:
    with transaction():
        change_settings(
            {"office_contact": "0380-123-456 <loket>", "office_name": "Dinas Contoh"},
            by=user("adi"),
        )
    page = browser().get("/help")
    assert "0380-123-456 <loket>" in page.text
    assert "Dinas Contoh" in page.text
