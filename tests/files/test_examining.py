"""What is taken as evidence or as a scan, and why anything else is not."""

from __future__ import annotations

import pytest

from compliance.files.examining import examine
from compliance.files.rules import HEIC, JPEG, PDF, PNG, BadFile
from tests.files.pictures import BAD_FILES, KUPANG, a_picture_of, pdf, picture


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "HEIC"])
def test_a_picture_is_known_by_its_bytes_and_its_header_is_read(kind: str) -> None:
    found = examine(picture(kind))
    assert found.kind == {"JPEG": JPEG, "PNG": PNG, "HEIC": HEIC}[kind]
    assert found.taken_at == "2026-11-30T08:41:07"
    assert found.position == KUPANG


def test_the_zone_of_the_device_is_kept_where_it_says_one() -> None:
    assert examine(picture(offset="+08:00")).taken_at == "2026-11-30T08:41:07+08:00"
    for odd in ("somewhere", "+08:00:00.000001", "+23:59", ".5", "Z"):
        assert examine(picture(offset=odd)).taken_at == "2026-11-30T08:41:07", odd


@pytest.mark.parametrize(
    "taken",
    [
        None,
        "0000:00:00 00:00:00",
        "yesterday",
        "2026:13:45 99:00:00",
        "0001:01:01 00:00:00",
        "9999:12:31 23:59:59",
    ],
)
def test_a_header_that_makes_no_sense_claims_nothing(taken: str | None) -> None:
    found = examine(picture(taken=taken, position=None))
    assert (found.taken_at, found.position) == (None, None)


def test_a_pdf_is_taken() -> None:
    assert examine(pdf()).kind == PDF


def test_a_picture_of_51_million_pixels_is_too_large_and_one_of_49_is_not() -> None:
    assert examine(a_picture_of(7000, 7000)).kind == PNG
    with pytest.raises(BadFile, match="900 juta piksel"):
        examine(a_picture_of(30_000, 30_000))
    with pytest.raises(BadFile, match="50 juta"):
        examine(a_picture_of(7300, 7000))


@pytest.mark.parametrize(("content", "reason"), BAD_FILES.values(), ids=BAD_FILES)
def test_what_cannot_be_taken_is_refused_with_its_reason(content: bytes, reason: str) -> None:
    with pytest.raises(BadFile, match=reason):
        examine(content)


def a_pdf_with(extra: bytes) -> bytes:
    """A PDF that holds an object to which its table of contents does not lead."""
    content = pdf()
    return content + extra + b"\n" + content[content.rfind(b"startxref") :]


@pytest.mark.parametrize(
    "hidden",
    [
        b"9 0 obj\n<</S/JavaScript/JS(app.alert(1))>>\nendobj",
        b"9 0 obj\n<</S/J#61vaScript>>\nendobj",
        b"9 0 obj\n<</S/Launch/F(x.exe)>>\nendobj",
        b"% stream\n9 0 obj\n<</S/JavaScript/JS(app.alert(1))>>\nendobj\n% endstream",
        b"9 0 obj\n<<>>\nstream\n10 0 obj<</S/#4cau#6ech>>endobj\nendstream\nendobj",
    ],
    ids=[
        "a script",
        "a script in other letters",
        "a start of a program",
        "a script between comments that look like a stream",
        "a start of a program within a stream",
    ],
)
def test_a_program_is_found_where_the_table_of_contents_does_not_lead(hidden: bytes) -> None:
    with pytest.raises(BadFile, match="memuat program"):
        examine(a_pdf_with(hidden))


@pytest.mark.parametrize(
    "written", [b"/Type /ObjStm", b"/Type/#4fbjStm", b"/#54ype/ObjStm", b"/Type%x\n/ObjStm"]
)
def test_packed_objects_that_no_table_leads_to_are_refused(written: bytes) -> None:
    with pytest.raises(BadFile, match="rusak"):
        examine(a_pdf_with(b"9 0 obj\n<<" + written + b"/N 1>>\nstream\nx\nendstream\nendobj"))


def test_a_short_word_among_the_bytes_of_a_picture_is_no_program() -> None:
    assert examine(a_pdf_with(b"9 0 obj\n<<>>\nstream\n\x00/JS \xff\nendstream\nendobj"))
