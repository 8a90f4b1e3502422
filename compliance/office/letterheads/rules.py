"""What a letterhead may say and measure, as facts; and what an SVG may hold. Pure functions."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from compliance.core.parsing import clean_line, clean_lines, too_long
from compliance.core.text import Text, say

PAPER_SIZES = ("a4", "f4")
USUAL_FONT = "Libertinus Serif"
"""Of letters without a font of their own: typst brings it along."""
FONT_SIZES = range(9, 15)
"""Of letters, in points."""
MARGINS = {
    "margin_top": range(8, 61),
    "margin_right": range(10, 41),
    "margin_bottom": range(12, 51),
    "margin_left": range(10, 41),
}
"""In millimetres, in the order in which the layout takes them: what a printer can print, and a line of at
least 130 mm."""
LONGEST_HEAD = {"government": 200, "office": 300, "details": 400}
_MOST_LINES = {"office": 3, "details": 4}


@dataclass(frozen=True)
class LetterheadFacts:
    """What stands at the head of a letter, and how it is printed.

    `government` is one line, `office` and `details` are up to three and four. `font` is the name of an
    installed family, None for the one that every machine has; `font_size` is in points, margins are in
    millimetres.
    """

    government: str | None
    office: str | None
    details: str | None
    paper: str
    font: str | None
    font_size: int | None
    margin_top: int | None
    margin_right: int | None
    margin_bottom: int | None
    margin_left: int | None

    def cleaned(self) -> LetterheadFacts:
        """The same without what cannot be printed and without empty lines."""
        return replace(
            self,
            government=clean_line(self.government),
            office=clean_lines(self.office, empty_lines=False),
            details=clean_lines(self.details, empty_lines=False),
            font=self.font or None,
        )

    def problems(self, fonts: Collection[str]) -> dict[str, Text]:
        """Why this cannot be a letterhead where these fonts are installed, by field."""
        problems = _problems_of_words(self)
        if self.paper not in PAPER_SIZES:
            problems["paper"] = say("Pilih salah satu.")
        if self.font is not None and self.font not in fonts:
            problems["font"] = say("Huruf ini tidak terpasang. Pilih dari daftar.")
        for name, limits in {"font_size": FONT_SIZES, **MARGINS}.items():
            if getattr(self, name) not in limits:
                problems[name] = say(
                    "Isi bilangan antara {least} dan {most}.", least=limits[0], most=limits[-1]
                )
        return problems

    def as_fact(self, *, crest: str | None) -> dict[str, Any]:
        """The letterhead as templates/letters/layout.typ reads it. `crest` is the SHA-256 of its PNG."""
        return {
            "paper": self.paper,
            "fonts": [self.font] if self.font else [],
            "size": self.font_size,
            "margins": [getattr(self, name) for name in MARGINS],
            "government": self.government,
            "office": self.office,
            "details": (self.details or "").splitlines(),
            "crest": {"format": "png", "sha256": crest} if crest else None,
        }


def _problems_of_words(facts: LetterheadFacts) -> dict[str, Text]:
    problems = {
        name: reason
        for name, most in LONGEST_HEAD.items()
        if (reason := too_long(getattr(facts, name), most))
    }
    for name, most in _MOST_LINES.items():
        if len((getattr(facts, name) or "").splitlines()) > most:
            problems[name] = say("Paling banyak {most} baris.", most=most)
    if facts.government is None:
        problems["government"] = say("Isi pemerintah daerahnya, misalnya Pemerintah Provinsi.")
    if facts.office is None:
        problems["office"] = say("Isi nama kantor.")
    return problems


_SVG = "http://www.w3.org/2000/svg"
_SHAPES = frozenset(
    [
        "svg",
        "g",
        "defs",
        "title",
        "desc",
        "metadata",
        "style",
        "symbol",
        "use",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "linearGradient",
        "radialGradient",
        "stop",
        "clipPath",
    ]
)
_PROGRAMS = ("script", "foreignobject", "iframe", "embed", "object", "handler", "set", "animate")
_MOST_SHAPES, _MOST_USES = 5_000, 200
_LEADS_OUT = re.compile(
    r"url\(\s*['\"]?\s*(?!#|['\"])[^)\s]|@import|expression\s*\(", re.IGNORECASE
)
"""Within a style or an attribute: what is not a part of the same file."""
_ENTITIES = re.compile(r"<!ENTITY|<!DOCTYPE[^>]*\[|<\?xml-stylesheet", re.IGNORECASE)
_OUTSIDE = say(
    "SVG ini mengambil sesuatu dari luar berkasnya. Simpan gambarnya utuh, lalu kirim lagi."
)
_PROGRAM = say("SVG ini memuat program atau halaman web. Kirim gambar saja.")


def svg_problem(text: str) -> Text | None:
    """Why an SVG is not taken: a program, an event handler, a web page, anything from outside of the file."""
    if _ENTITIES.search(text):
        return _OUTSIDE
    try:
        root = ET.fromstring(text)  # expat asks for nothing, and entities were refused
    except (ET.ParseError, ValueError, RecursionError):
        return say("SVG ini rusak dan tidak dapat dibaca.")
    if root.tag != f"{{{_SVG}}}svg":
        return say("Berkas ini bukan SVG.")
    shapes = list(root.iter())
    if len(shapes) > _MOST_SHAPES:
        return say("SVG ini terlalu rumit. Sederhanakan, atau kirim sebagai PNG.")
    for shape in shapes:
        if problem := _shape_problem(shape):
            return problem
    return _uses_problem(shapes)


def _shape_problem(shape: ET.Element) -> Text | None:
    space, _brace, name = shape.tag.rpartition("}")
    if name.lower().startswith(_PROGRAMS):
        return _PROGRAM
    for attribute, value in shape.attrib.items():
        plain = attribute.rpartition("}")[2].lower()
        if plain.startswith("on") or value.strip().lower().startswith(("javascript:", "data:text")):
            return _PROGRAM
        if plain in ("href", "src") and not value.strip().startswith("#"):
            return _OUTSIDE
        if plain == "base" or _LEADS_OUT.search(_plain_css(value)):
            return _OUTSIDE
    if name == "style" and _LEADS_OUT.search(_plain_css(shape.text or "")):
        return _OUTSIDE
    if space == f"{{{_SVG}" and name not in _SHAPES:
        return say(
            "SVG ini memuat “{part}”, yang tidak diterima. Ubah semuanya menjadi garis dan bidang, atau "
            "kirim sebagai PNG.",
            part=name,
        )
    return None


def _plain_css(text: str) -> str:
    r"""A style without comments and escapes, in which `u\72l(` would hide."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(
        r"\\([0-9a-fA-F]{1,6})\s?", lambda code: chr(min(int(code[1], 16), 0x10FFFF)), text
    )


def _uses_problem(shapes: list[ET.Element]) -> Text | None:
    """What is drawn again and again may not hold anything that is drawn again: it would grow and grow."""
    uses = [shape for shape in shapes if shape.tag == f"{{{_SVG}}}use"]
    hrefs = ("href", "{http://www.w3.org/1999/xlink}href")
    named = {(use.get(hrefs[0]) or use.get(hrefs[1]) or "").strip()[1:] for use in uses}
    nested = any(
        inner.tag == f"{{{_SVG}}}use"
        for shape in shapes
        if shape.get("id") in named
        for inner in shape.iter()
    )
    if len(uses) > _MOST_USES or nested:
        return say("SVG ini terlalu rumit. Sederhanakan, atau kirim sebagai PNG.")
    return None
