"""No sentence on a screen without an Indonesian and an English form."""

from __future__ import annotations

import ast
import re

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from tests.house.source import ROOT, modules
from tests.house.words import unfound, unsaid, unsaid_in_script, unsaid_in_template

CATALOGUE = ROOT / "compliance" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {"_": None, "say": None, "say_many": (1, 1), "gettext": None, "ngettext": (1, 2)}
SAME_IN_BOTH = {"Patuh", "English", "Indonesia"}
SAME_IN_ENGLISH = {
    "%(name)s (PDF)",
    "%(name)s, %(office)s, %(at)s", "API", "Admin", "Audit", "KBLI", "KBLI %(year)s", "Menu",
    "A4 (210 × 297 mm)", "NIB", "NIP", "NPP", "NPWP", "Nota", "Nota Pemeriksaan I",
    "Nota Pemeriksaan II", "Nota II",
    "Nota %(kind)s", "Nota pemeriksaan", "Status", "Token", "WIB (Jakarta)", "WIT (Jayapura)",
    "WITA (Makassar)",
    "nota %(number)s", "token %(label)s", "{channel} · token {name}", "{company}, {number}: {result}", "{id}",
    "{kind} {number}", "{name}, {size} MB: {state}",
}  # fmt: skip
BY_OTHER_MEANS = {
    "compliance/web/formatting.py": "turns Texts into words",
    "compliance/api/": "in English: the description of the API, for programmers",
    "compliance/cli.py": "in English: the command line, for whoever runs the server",
    "compliance/imports/cli.py": "in English: the command line",
    "compliance/admin/cli.py": "in English: the command line",
    "compliance/admin/audit/cli.py": "in English: the command line",
    "compliance/admin/doctor/": "in English: the command line",
    "compliance/store/cli.py": "in English: the command line",
    "compliance/web/metrics.py": "in English: read by Prometheus",
    "compliance/cases/catalogue/": "each entry has its English beside it",
    "compliance/reference/": "names of the country, and programmes with their English beside them",
    "compliance/demo/": "invented data",
    "compliance/cases/proofs/lines.py": "what letters say: in Indonesian, whoever makes them",
    "compliance/letters/rules.py": "what letters say: in Indonesian, whoever makes them",
    "compliance/letters/kinds/": "what letters say: in Indonesian, whoever makes them",
    "compliance/letters/commands/making.py": "what letters say: in Indonesian, whoever makes them",
    "compliance/letters/examples.py": "what letters say: in Indonesian, whoever makes them",
    "compliance/letters/packets/": "what packets say: in Indonesian, whoever makes them",
    "compliance/letters/cli.py": "in English: the command line",
    "compliance/people/rules.py": "names of browsers",
    "compliance/people/forms.py": "what the languages call themselves",
    "compliance/office/letterheads/rules.py": "the name of a font",
    "compliance/office/settings.py": "the name of an office, which it may change",
    "compliance/cases/nota/views.py": "the evidence of a company's scale, kept as a typed fact is",
}
"""Where words stand that are not said, and why."""
BILINGUAL_TEMPLATES = {
    "templates/people/glossary.html": "the Indonesian terms that it explains",
    "templates/base.html": "the names of the languages",
    "templates/macros/fields.html": "compares kinds of fields",
    "templates/licensing/parts.html": "the name of a key",
    "templates/licensing/verify.html": "the pattern of a code",
}


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
        copied = words[0] == ids[0] and ids[0] not in SAME_IN_ENGLISH
        english.update(dict.fromkeys(ids, all(words) and not message.fuzzy and not copied))
    missing = sorted(sentence for sentence in sentences() if not english.get(sentence))
    assert missing == []


def test_the_catalogue_has_its_header_so_that_it_is_compiled() -> None:
    """Without one it counts as unfinished: it is skipped, and no page speaks English."""
    catalogue = read_po(CATALOGUE.open("rb"))
    assert not catalogue.fuzzy
    assert (str(catalogue.locale), catalogue.num_plurals) == ("en", 2)


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


def test_no_code_speaks_without_being_translatable() -> None:
    assert [
        f"{path}:{line}"
        for path, tree in modules().items()
        for law in (unfound, unsaid)
        if law is unfound or not path.startswith(tuple(BY_OTHER_MEANS))
        if path != "compliance/web/formatting.py"
        for line in law(tree)
    ] == []


def test_no_expression_attribute_mail_or_script_speaks_without_being_translatable() -> None:
    found = [
        f"{path}:{line}"
        for file in sorted((ROOT / "templates").rglob("*.*"))
        if (path := str(file.relative_to(ROOT))) not in BILINGUAL_TEMPLATES
        and file.suffix not in (".js", ".typ")  # letters are in Indonesian
        for line in unsaid_in_template(file.read_text(), html=file.suffix == ".html")
    ]
    scripts = [*(ROOT / "compliance" / "web" / "static").glob("*.js"), ROOT / "templates" / "sw.js"]
    found += [
        f"{file.name}:{line}" for file in scripts for line in unsaid_in_script(file.read_text())
    ]
    assert found == []


SAY = "from compliance.core.text import Text, say\n"


@pytest.mark.parametrize(
    "source",
    [
        SAY + 'say("Ada %s baris" % count)',
        SAY + 'say(f"Ada {count} baris")',
        SAY + 'say("Disimpan." if saved else "Dibuang.")',
        SAY + 'SENTENCE = "Disimpan."\nsay(SENTENCE)',
        SAY + 'say("Disimpan " + name)',
        SAY + 'Text("Disimpan untuk {name}", {"name": name})',
        SAY + "reasons = [*map(say, sentences)]",
        'from compliance.core.text import say as s\ns("Disimpan.")',
        'from flask_babel import lazy_gettext as t\nt("Disimpan.")',
        'from flask_babel import lazy_gettext\nlazy_gettext("Disimpan.")',
        SAY + 'tell = say\ntell("Disimpan.")',
    ],
)
def test_a_sentence_that_is_not_found_for_translation_is_seen(source: str) -> None:
    assert list(unfound(ast.parse(source))) != []


@pytest.mark.parametrize(
    "source",
    [
        'flash("Nota sudah disimpan.")',
        'tell(Markup("Nota sudah disimpan."))',
        'reason = f"Nota {number} sudah disimpan."',
        'WORDS = {"saved": "Nota sudah disimpan."}',
        'from wtforms import StringField\nclass A(Form):\n    name = StringField("Nama")',
        'abort(404, "Nota tidak ada")',
    ],
)
def test_a_sentence_that_nobody_says_is_seen(source: str) -> None:
    assert list(unsaid(ast.parse(source))) != []


@pytest.mark.parametrize(
    "source",
    [
        '{{ "Ya" if case.open else "Tidak" }}',
        '{{ button("Simpan nota") }}',
        '{% set label = "Simpan" %}',
        '{% macro act(label="Simpan") %}{% endmacro %}',
        '{{ name or "Tanpa nama" }}',
        '<button aria-label="tutup">',
        '<input placeholder="Cari {{ what }}">',
        "<img alt='foto temuan'>",
        '<p data-over="Sesi ini berakhir">',
        '<abbr title="{{ x }} hari">',
    ],
)
def test_words_in_an_expression_or_an_attribute_are_seen(source: str) -> None:
    assert list(unsaid_in_template(source)) != []


def test_words_of_a_mail_or_a_script_are_seen() -> None:
    assert list(unsaid_in_template("Yth. {{ name }}", html=False)) != []
    assert list(unsaid_in_script('box.append("Tidak ada jaringan.");')) != []
    assert list(unsaid_in_script("button.textContent = 'disalin';")) != []


@pytest.mark.parametrize(
    "source",
    [
        '{{ _("Simpan") }}',
        '<button class="btn btn-go" aria-label="{{ _(\'Tutup\') }}" data-open="menu">',
        "{% if field.type == 'hidden' %}{{ say(\"Belum ada\") }}{% endif %}",
    ],
)
def test_words_that_are_translated_are_left_alone(source: str) -> None:
    assert list(unsaid_in_template(source)) == []
