"""What an uploaded file is and what its header claims, found out in a child process (core/child).

A picture is not decoded here: its size and its header are read, which costs no more than reading the file.
A PDF is walked through for what must not be in it: programs, actions that start one, a password.
"""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from compliance.core.child import FailedInChild, TookTooMuch, in_child
from compliance.core.text import Text, say
from compliance.files.rules import HEIC, MOST_PIXELS, PDF, YEARS_OF_PHOTOS, BadFile, kind_of

_MOST_SECONDS = 10
_MOST_MEMORY = 256 * 1024 * 1024
_one_at_a_time = threading.Lock()
"""So that the files of several people together take no more memory than one."""
_DAMAGED = say("Berkas ini rusak dan tidak dapat dibaca. Kirim sekali lagi, atau ambil foto baru.")
_ZONE = re.compile(r"[+-](0[0-9]|1[0-4]):[0-5][0-9]")
_DATE_TAKEN, _OFFSET_TAKEN, _EXIF, _GPS = 0x9003, 0x9011, 0x8769, 0x8825


@dataclass(frozen=True)
class Examined:
    """A file that may be stored.

    `taken_at` (ISO 8601, with a zone where the device says one) and `position` (degrees north and east) are
    claims of the device in the file's header. They may be wrong or absent.
    """

    content: bytes
    kind: str
    taken_at: str | None = None
    position: tuple[float, float] | None = None


def examine(content: bytes) -> Examined:
    """Look at a file that somebody sent. Raises BadFile with the reason why it is not taken."""
    kind = kind_of(content)
    look: Callable[[bytes], dict[str, Any]]
    if kind == PDF:
        import pypdf  # noqa: F401  (the child must import nothing)

        look = _look_at_pdf
    else:
        import pillow_heif  # noqa: F401

        look = _look_at_heic if kind == HEIC else _look_at_picture
    if not _one_at_a_time.acquire(timeout=_MOST_SECONDS):
        raise BadFile(say("Patuh sedang membaca berkas lain. Coba lagi sebentar lagi."))
    try:
        found = in_child(lambda: look(content), seconds=_MOST_SECONDS, memory=_MOST_MEMORY)
    except TookTooMuch:
        raise BadFile(
            say("Berkas ini terlalu berat untuk dibaca. Kirim foto atau PDF biasa.")
        ) from None
    except FailedInChild:
        raise BadFile(_DAMAGED) from None
    finally:
        _one_at_a_time.release()
    if "refused" in found:
        raise BadFile(Text.restored(found["refused"]))
    width, height = found.get("pixels", (0, 0))
    if width * height > MOST_PIXELS:
        raise BadFile(
            say(
                "Foto ini {millions} juta piksel; paling banyak 50 juta. Kecilkan dulu.",
                millions=width * height // 1_000_000,
            )
        )
    position = found.get("position")
    return Examined(
        content=content,
        kind=kind,
        taken_at=found.get("taken_at"),
        position=(position[0], position[1]) if position else None,
    )


def _look_at_picture(content: bytes) -> dict[str, Any]:
    import PIL.Image

    PIL.Image.MAX_IMAGE_PIXELS = None  # our own limit is lower
    with PIL.Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
        return {"pixels": picture.size, **_claims(picture.info.get("exif"))}


def _look_at_heic(content: bytes) -> dict[str, Any]:
    import pillow_heif

    picture = pillow_heif.open_heif(io.BytesIO(content))
    return {"pixels": picture.size, **_claims(picture.info.get("exif"))}


def _claims(header: bytes | None) -> dict[str, Any]:
    """What the header says about when and where, as far as it makes sense."""
    import PIL.Image

    exif = PIL.Image.Exif()
    try:
        exif.load(header or b"")
        details, place = exif.get_ifd(_EXIF), exif.get_ifd(_GPS)
    except (ValueError, TypeError, KeyError, SyntaxError):
        return {}
    return {"taken_at": _taken_at(details), "position": _position(place)}


def _taken_at(details: Any) -> str | None:
    taken, offset = details.get(_DATE_TAKEN), details.get(_OFFSET_TAKEN)
    try:
        naive = datetime.strptime(str(taken).strip("\0 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
    except ValueError:
        return None
    if naive.year not in YEARS_OF_PHOTOS:
        return None
    zone = str(offset).strip("\0 ")
    return naive.isoformat() + (zone if _ZONE.fullmatch(zone) else "")


def _position(place: Any) -> list[float] | None:
    try:
        north, east = _degrees(place[2]), _degrees(place[4])
        if str(place[1]).startswith("S"):
            north = -north
        if str(place[3]).startswith("W"):
            east = -east
    except (KeyError, TypeError, ValueError, ZeroDivisionError, IndexError):
        return None
    if not (abs(north) <= 90 and abs(east) <= 180) or (north, east) == (0, 0):
        return None
    return [round(north, 6), round(east, 6)]


def _degrees(parts: Any) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    return degrees + minutes / 60 + seconds / 3600


_PROGRAMS = {
    "/JS",
    "/JavaScript",
    "/Launch",
    "/RichMedia",
    "/XFA",
    "/SubmitForm",
    "/ImportData",
    "/GoToE",
}
_STREAM = re.compile(rb"\bstream\r?\n.*?\bendstream\b", re.DOTALL)
_NAME = re.compile(rb"/[^\x00\t\n\f\r ()<>\[\]{}/%]+")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_SHORT = "/JS"
"""Stands by chance among the bytes of a photo. What runs it is named by a longer word beside it."""


def _look_at_pdf(content: bytes) -> dict[str, Any]:
    import pypdf

    reader = pypdf.PdfReader(io.BytesIO(content))
    refused = None
    if reader.is_encrypted:
        refused = say("PDF ini dikunci dengan kata sandi. Kirim yang tidak dikunci.")
    elif not len(reader.pages) or _hides_objects(reader, content):
        refused = _DAMAGED
    elif _holds_a_program(reader) or _names_a_program(content):
        refused = say("PDF ini memuat program. Cetak ke PDF baru, lalu kirim yang itu.")
    return {"refused": refused.stored()} if refused else {}


def _names(content: bytes) -> Iterator[str]:
    """Every name that stands anywhere in a file, in plain letters: also in comments and streams, and where no
    table of contents leads. Bytes that begin a comment or a stream for us may begin none for a viewer.
    """
    for found in _NAME.finditer(content):
        name = found[0]
        if b"#" in name:
            name = _ESCAPED.sub(lambda code: bytes([int(code[1], 16)]), name)
        yield name.decode("latin-1")


def _hides_objects(reader: Any, content: bytes) -> bool:
    """Whether packed objects stand in the file to which its table of contents does not lead: a viewer that
    mends the table would find them.
    """
    known = {stream for stream, _place in reader.xref_objStm.values()}
    return sum(name == "/ObjStm" for name in _names(content)) > len(known)


def _names_a_program(content: bytes) -> bool:
    """Whether a program is named anywhere, also where the table does not lead."""
    if any(name in _PROGRAMS and name != _SHORT for name in _names(content)):
        return True
    return _SHORT in _names(_STREAM.sub(b"", content))


def _holds_a_program(reader: Any) -> bool:
    """Whether any object of a PDF is, or names, a program or an action that starts one."""
    import pypdf.generic as kinds

    plain = {(number, made) for made, table in reader.xref.items() for number in table}
    for number, made in plain | {(number, 0) for number in reader.xref_objStm}:
        waiting: list[Any] = [kinds.IndirectObject(number, made, reader).get_object()]
        while waiting:
            thing = waiting.pop()
            if isinstance(thing, kinds.DictionaryObject):
                waiting += [*thing, *thing.values()]
            elif isinstance(thing, kinds.ArrayObject):
                waiting += thing
            elif isinstance(thing, kinds.NameObject) and thing in _PROGRAMS:
                return True
    return False
