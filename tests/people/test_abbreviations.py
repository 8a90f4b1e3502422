"""Abbreviations are explained on the page that uses them, in both languages, without hovering."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from markupsafe import Markup

from compliance.cases.catalogue import CATALOGUE
from compliance.people.abbreviations import ABBREVIATIONS, abbreviations_in
from tests.browser import Browser
from tests.factories import a_company
from tests.house.source import ROOT

pytestmark = pytest.mark.one_store
Open = Callable[..., Browser]
SENTENCES = ROOT / "compliance" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
NEED_NO_WORDS = {
    "A4", "AA", "ABU", "ADA", "API", "ASCII", "BB", "BPS", "BPU", "CATATAN", "CSV", "CV", "DITEMUKAN",
    "F4", "FALSE", "HEIC", "HH", "HIJAU", "HRD", "II", "III", "JPEG", "JS", "JSON", "KB", "KUNING", "LEWAT",
    "MASA", "MB", "MERAH", "NOTA", "NTT", "PDF", "PERBAIKAN", "PNG", "PP", "PT", "PU", "QR", "SHA", "SVG",
    "TERBUKA", "TIDAK", "TK", "TRUE", "TTTT", "UD", "UTF", "UUID", "UU", "WAKTU", "WCAG", "WIB", "WIT",
    "WITA",
}  # fmt: skip
"""What an office says every day, a name, a form in which something is typed, or a word in capitals."""


def foot(page: object) -> str:
    found = page.soup.select_one("footer #abbreviations")  # type: ignore[attr-defined]
    return found.get_text(" ", strip=True) if found else ""


def test_the_foot_of_a_page_explains_the_abbreviations_it_uses_and_no_others(browser: Open) -> None:
    id = a_company("PT Contoh Bahari", kbli="47111").id
    ina = browser("ina")
    said = foot(ina.get(f"/companies/{id}"))
    assert said.startswith("Singkatan di halaman ini: NIB, NPWP, NPP, KBLI")
    assert "Nomor pendaftaran perusahaan di BPJS Ketenagakerjaan." in said
    assert "Penundaan kewajiban" not in said
    assert "Penundaan kewajiban" in foot(ina.get(f"/companies/{id}/circumstance"))
    assert foot(ina.get("/field")) == ""
    english = browser("ina", language="en").get(f"/companies/{id}")
    assert "Abbreviations on this page: NIB" in foot(english)
    assert "five digits for the kind of business" in foot(english)
    assert foot(browser().get("/help")) == "", "the page itself explains them"


def test_an_abbreviation_is_seen_in_words_only() -> None:
    page = Markup('<input value="NIB"><a href="/x?NPP=1">KNIB</a> TMP2T, IMB')
    assert [term for term, _meaning in abbreviations_in(page)] == ["TMP2T", "PBG, IMB"]


def test_every_abbreviation_that_a_screen_says_is_explained() -> None:
    known = {short for term in ABBREVIATIONS for short in term.split(", ")}
    texts = re.findall(r'^msgid(?:_plural)? "(.*)"$', SENTENCES.read_text(), re.MULTILINE)
    texts += [text for entry in CATALOGUE for text in (entry.title, entry.order)]
    used = {
        short
        for text in texts
        for short in re.findall(r"(?<![\w{(/-])\b[A-Z][A-Z0-9]+\b(?![-/])", text)
    }
    assert {
        short for short in used if not re.search(r"\d{3}", short)
    } - known - NEED_NO_WORDS == set()
