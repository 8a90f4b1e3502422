"""What a file is, by its first bytes, and whether it is there to its end. Only four kinds are taken.

The name and the type that a sender gives are not asked: anybody can write anything there.
"""

from __future__ import annotations

from compliance.core.errors import Refusal
from compliance.core.text import Text, say

JPEG, PNG, HEIC, PDF = FILE_KINDS = ("jpeg", "png", "heic", "pdf")
PICTURES = (JPEG, PNG, HEIC)
ZIP = "zip"
"""The kind of packets, which are made here. Nobody may send one."""
STORED_KINDS = (*FILE_KINDS, ZIP)
UPLOADED_TYPES = {JPEG: "image/jpeg", PNG: "image/png", HEIC: "image/heic", PDF: "application/pdf"}
MEDIA_TYPES = {**UPLOADED_TYPES, ZIP: "application/zip"}
ENDINGS = {JPEG: ".jpg", PNG: ".png", HEIC: ".heic", PDF: ".pdf", ZIP: ".zip"}
LARGEST_UPLOAD = 15 * 1024 * 1024
MOST_PIXELS = 50_000_000
YEARS_OF_PHOTOS = range(1970, 2101)
"""A device that says another year says nothing. Clocks that were never set begin in 1970."""
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_PDF_ENDS_WITHIN = 2048
_MARKUP = (b"<svg", b"<!doctype", b"<html", b"<script", b"<?xml")


class BadFile(Refusal):
    """A file that cannot be taken; the reason says why and what can be sent instead."""

    status = 422


def kind_of(content: bytes) -> str:
    """The kind of a file, of FILE_KINDS. Raises BadFile for others, and for an empty, large or cut one."""
    if not content:
        raise BadFile(say("Berkas ini kosong. Pilih berkas lain."))
    if len(content) > LARGEST_UPLOAD:
        raise BadFile(
            say("Berkas ini lebih besar dari 15 MB. Kecilkan fotonya, atau bagi menjadi beberapa.")
        )
    kind = _by_first_bytes(content)
    if kind is None:
        raise BadFile(_other_kind(content))
    if not _reaches_its_end(kind, content):
        raise BadFile(say("Berkas ini terpotong: bagian akhirnya tidak ada. Kirim sekali lagi."))
    return kind


def _by_first_bytes(content: bytes) -> str | None:
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return HEIC
    return PDF if content.startswith(b"%PDF-") else None


def _other_kind(content: bytes) -> Text:
    """Why a file of another kind is refused, by what it is."""
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return say(
            "Ini berkas zip, Word, atau Excel. Kirim isinya satu per satu sebagai foto atau PDF."
        )
    if any(mark in content[:1000].lower() for mark in _MARKUP):
        return say(
            "Ini berkas web atau SVG, yang dapat memuat program. Kirim sebagai foto atau PDF."
        )
    return say("Jenis berkas ini tidak dikenal. Yang diterima: foto JPEG, PNG, atau HEIC, dan PDF.")


def _reaches_its_end(kind: str, content: bytes) -> bool:
    match kind:
        case "jpeg":
            return _jpeg_ends(content)
        case "png":
            return b"IEND" in content[-64:] or content.rfind(b"IEND\xaeB`\x82") > 0
        case "heic":
            return _boxes_end(content)
        case _:
            return b"%%EOF" in content[-_PDF_ENDS_WITHIN:]


def _jpeg_ends(content: bytes) -> bool:
    """Whether the end mark comes after the picture's own data. A preview in the header has one, too."""
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        mark, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if mark == 0xDA:  # the picture itself begins
            return content.find(b"\xff\xd9", at) > 0
        if mark == 0xFF:
            at += 1  # a filling byte
        else:
            at += 2 + length
    return False


def _boxes_end(content: bytes) -> bool:
    """Whether the boxes of a HEIC file fill it exactly, as far as they state their lengths."""
    at = 0
    while at + 8 <= len(content):
        size = int.from_bytes(content[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(content[at + 8 : at + 16], "big")
        if size == 0:
            return True  # the last box reaches to the end
        if size < 8:
            return False
        at += size
    return at == len(content)
