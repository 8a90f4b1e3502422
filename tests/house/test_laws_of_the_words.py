"""No sentence on a screen without an Indonesian and an English form."""

from __future__ import annotations

import re

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from tests.house.source import ROOT

CATALOGUE = ROOT / "compliance" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {"_": None, "say": None, "say_many": (1, 1), "gettext": None, "ngettext": (1, 2)}
SAME_IN_BOTH = {"Patuh", "English", "Indonesia"}


def sentences() -> set[str]:
    """Every sentence that pages, mails and refusals may say."""
    found: set[str] = set()
    for folder, kinds in (
        (ROOT / "compliance", [("**.py", "python")]),
        (ROOT / "templates", [("**.html", "jinja2"), ("**.txt", "jinja2")]),
    ):
        for _file, _line, message, _comments, _context in extract_from_dir(
            folder, kinds, keywords=KEYWORDS
        ):
            found.update(message if isinstance(message, tuple) else (message,))
    return {sentence for sentence in found if sentence}


def test_every_sentence_has_an_english_form() -> None:
    catalogue = read_po(CATALOGUE.open("rb"), locale="en")
    english = {}
    for message in catalogue:
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        words = message.string if isinstance(message.string, tuple) else (message.string,)
        english.update(dict.fromkeys(ids, all(words) and not message.fuzzy))
    missing = sorted(sentence for sentence in sentences() if not english.get(sentence))
    assert missing == []


def test_a_translation_holds_the_same_places_as_its_sentence() -> None:
    place = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
    wrong = []
    for message in read_po(CATALOGUE.open("rb"), locale="en"):
        plain = message.id and isinstance(message.id, str) and isinstance(message.string, str)
        if plain and sorted(place.findall(message.id)) != sorted(place.findall(message.string)):
            wrong.append(message.id)
    assert wrong == []


def test_no_template_speaks_without_being_translatable() -> None:
    found = {}
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = path.read_text()
        for noise in (
            r"\{#.*?#\}",
            r"\{%-?\s*trans\b.*?endtrans\s*-?%\}",
            r"\{%.*?%\}",
            r"\{\{.*?\}\}",
            r"<!--.*?-->",
            r"<[^>]*>",
            r"&\w+;",
        ):
            text = re.sub(noise, " ", text, flags=re.S)
        words = set(re.findall(r"(?<![-\w])[^\W\d_]{2,}(?: [^\W\d_]{2,})*", text)) - SAME_IN_BOTH
        if words:
            found[str(path.relative_to(ROOT))] = sorted(words)
    assert found == {}
