"""A letter as PDF: its facts through its layout in templates/letters, by typst.

The same facts give the same bytes, in every process. What an office or a case says is data: nothing in it is
read as markup. The PDF is written as PDF/A-3a and PDF/UA-1, with the facts attached as JSON.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from flask import current_app

from compliance.core.typesetting import fonts
from compliance.files.storage import whole_bytes
from compliance.licensing.codes import shown_code
from config import ROOT

if TYPE_CHECKING:
    import typst

LAYOUTS = ROOT / "templates" / "letters"
_STANDARDS: list[typst.PDFStandard] = ["a-3a", "ua-1"]


class LayoutRefused(Exception):
    """typst could not set the letter: a character that no font has, or a fault of the layout."""


def _check(code: str) -> dict[str, str]:
    """How the public page of a letter is reached: the code, its address, and that as a QR code in SVG."""
    import segno

    address = f"{current_app.config['PATUH_BASE_URL']}/verify/{shown_code(code)}"
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", border=0, xmldecl=False)
    return {"code": shown_code(code), "address": address, "qr": drawn.getvalue().decode()}


def _crest(facts: Mapping[str, Any], content: bytes | None) -> dict[str, str]:
    """The bytes of the crest, as typst takes them beside the facts, which name its SHA-256 only.

    The index of a packet has no letterhead.
    """
    named = facts.get("letterhead", {}).get("crest")
    if named is None:
        return {}
    return {"crest": json.dumps(list(content or whole_bytes(named["sha256"])))}


_SURE = frozenset(
    map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x180), 0x2013, 0x2014, 0x2018, 0x2019))
)
"""Signs of Latin letters, which the fonts of typst all have."""
NO_GLYPH = "□"
_ANY_INSTANT = datetime(2026, 1, 1, tzinfo=UTC)


@cache
def _has_glyph(sign: str) -> bool:
    """Whether some font can write a sign: asked of typst itself, once for every sign that is met."""
    import typst

    compiler = typst.Compiler(
        b"#set document(title: [x])\n#sys.inputs.sign",
        font_paths=fonts(),
        sys_inputs={"sign": sign},
    )
    try:
        compiler.compile(format="pdf", pdf_standards=_STANDARDS, timestamp=_ANY_INSTANT)
    except typst.TypstError:
        return False
    return True


def first_without_glyph(text: str) -> str | None:
    """The first sign of a text that no font can write."""
    return next(
        (sign for sign in text if sign not in _SURE and sign != "\n" and not _has_glyph(sign)), None
    )


def with_glyphs(text: str) -> str:
    """The text with a box in place of every sign that no font can write: a letter is never without paper."""
    strange = {sign for sign in text if sign not in _SURE and sign != "\n"}
    lost = {sign for sign in strange if not _has_glyph(sign)}
    return "".join(NO_GLYPH if sign in lost else sign for sign in text)


def render(
    layout: str,
    facts: Mapping[str, Any],
    *,
    code: str | None,
    issued_at: datetime,
    crest: bytes | None = None,
) -> bytes:
    """The letter with this layout and these facts, and the code of its public page if it has one.

    `issued_at` is the PDF's own date. `crest` is the PNG of a letterhead that is not kept yet; else the one
    that the facts name is taken from the files. Raises LayoutRefused, MissingBytes, OSError.
    """
    import typst

    said = {**facts, "check": _check(code)} if code else facts
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    text = with_glyphs(text)
    compiler = typst.Compiler(
        LAYOUTS / f"{layout}.typ",
        root=LAYOUTS,
        font_paths=fonts(),
        sys_inputs={"facts": text, **_crest(facts, crest)},
    )
    try:
        made = compiler.compile(
            format="pdf", pdf_standards=_STANDARDS, timestamp=issued_at.astimezone(UTC)
        )
    except typst.TypstError as refusal:
        raise LayoutRefused(f"{refusal.message} {' '.join(refusal.hints)}".strip()) from refusal
    assert isinstance(made, bytes)
    return made
