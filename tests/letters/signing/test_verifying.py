"""What is said about the signatures in a PDF, and that one changed byte is seen."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pypdf
import pytest
import typst

from compliance.files.rules import BadFile
from compliance.letters.signing import verifying
from compliance.letters.signing.rules import PdfLikeness, SignatureReport
from compliance.letters.signing.verifying import compare_pdf, verify_pdf
from tests.files.pictures import pdf
from tests.letters.signing.papers import (
    NOW,
    authority,
    head,
    issue,
    sign,
    signed_by_head,
)


def verify(content: bytes, *roots: bytes, at: datetime = NOW) -> SignatureReport:
    return verify_pdf(content, roots=roots or (authority().der,), at=at)


def test_a_pdf_that_a_listed_authority_vouches_for_is_certified() -> None:
    report = verify(signed_by_head())
    (signature,) = report.signatures
    assert report.verdict == "certified"
    assert (signature.intact, signature.valid, signature.trusted) == (True, True, True)
    assert (signature.signer, signature.issuer) == ("Rosa Umpama, M.Si.", "Induk Contoh")
    assert (signature.covers, signature.certificate) == ("file", "listed")
    assert "menurut penanda tangan sendiri" in str(signature.time)
    assert SignatureReport.restored(report.stored()) == report


def test_one_flipped_byte_is_seen_although_the_signature_is_valid() -> None:
    content = signed_by_head()
    at = content.index(b"/MediaBox") + 13
    report = verify(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
    (signature,) = report.signatures
    assert (signature.intact, signature.valid) == (False, True)
    assert report.verdict == "changed"
    assert "berubah sesudah ditandatangani" in str(report.sentence)


def with_another_page(content: bytes) -> bytes:
    writer, made = pypdf.PdfWriter(io.BytesIO(content), incremental=True), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.write(made)
    return made.getvalue()


ADDED: dict[str, Callable[[bytes], bytes]] = {
    "a byte": lambda content: content + b"x",
    "an end of line": lambda content: content + b"\n",
    "a page": with_another_page,
}


@pytest.mark.parametrize("add", ADDED.values(), ids=ADDED)
def test_what_was_added_after_the_signature_is_seen(add: Callable[[bytes], bytes]) -> None:
    report = verify(add(signed_by_head()))
    assert (report.verdict, report.signatures[0].covers) == ("extended", "part")
    assert "ditambahkan" in str(report.sentence)


def test_two_people_sign_one_after_the_other() -> None:
    twice = sign(signed_by_head(), issue("Ina Contoh", by=authority()), field="Tanda2")
    report = verify(twice)
    assert report.verdict == "certified"
    assert [(each.signer, each.covers) for each in report.signatures] == [
        ("Rosa Umpama, M.Si.", "revision"),
        ("Ina Contoh", "file"),
    ]


def test_one_of_two_without_a_listed_authority_makes_the_whole_uncertified() -> None:
    report = verify(sign(signed_by_head(), issue("Ina Sendiri"), field="Tanda2"))
    assert report.verdict == "uncertified"
    assert [each.holds for each in report.signatures] == [True, False]


def old_one() -> tuple[bytes, bytes]:
    issuer = issue("Induk Lama", authority=True, days=3650)
    return sign(pdf(), issue("Rosa Lama", by=issuer, days=100)), issuer.der


def test_a_certificate_made_by_its_bearer_is_not_certified() -> None:
    report = verify(sign(pdf(), issue("Rosa Sendiri")))
    assert report.verdict == "uncertified"
    assert "tidak tersertifikasi" in str(report.sentence)
    assert "buatan sendiri" in str(report.signatures[0].sentence)


def test_an_authority_that_is_not_on_the_list_vouches_for_nobody() -> None:
    stranger = issue("Orang Lain", by=issue("Induk Lain", authority=True))
    assert verify(sign(pdf(), stranger)).signatures[0].certificate == "unlisted"
    assert verify_pdf(signed_by_head(), roots=(), at=NOW).verdict == "uncertified"


def test_an_expired_certificate_is_named_as_one() -> None:
    content, root = old_one()
    assert verify(content, root).signatures[0].certificate == "expired"
    assert verify(content, root, at=datetime(2026, 2, 1, tzinfo=UTC)).verdict == "certified"


def test_an_authority_whose_own_certificate_has_expired_is_not_trusted() -> None:
    assert verify(signed_by_head(), at=NOW + timedelta(days=800)).verdict == "uncertified"


def test_a_scan_bears_no_signature_and_needs_no_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "find_spec", lambda _name: None)
    assert verify(pdf()).verdict == "unsigned"


def test_without_the_extra_a_signed_pdf_is_a_scan_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(verifying, "find_spec", lambda _name: None)
    report = verify(signed_by_head())
    assert report.verdict == "unchecked"
    assert "tidak terpasang di server ini" in str(report.sentence)


BROKEN = {
    "its table is gone": (signed_by_head().replace(b"startxref", b"startyref"), "rusak"),
    "no PDF": (b"%PDF-1.7 /ByteRange" + b"x" * 300 + b"%%EOF", "rusak"),
}


@pytest.mark.parametrize(("content", "reason"), BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_read_is_refused_with_its_reason(content: bytes, reason: str) -> None:
    with pytest.raises(BadFile, match=reason):
        verify(content)


def test_a_locked_pdf_is_refused_as_locked() -> None:
    writer, made = pypdf.PdfWriter(io.BytesIO(signed_by_head())), io.BytesIO()
    writer.encrypt("rahasia")
    writer.write(made)
    with pytest.raises(BadFile, match="dikunci"):
        verify(made.getvalue())


def test_a_signature_whose_own_bytes_are_overwritten_is_refused() -> None:
    content = signed_by_head()
    at = content.index(b"/Contents <") + 40
    with pytest.raises(BadFile, match="rusak"):
        verify(content[:at] + b"0" * 400 + content[at + 400 :])


def test_a_signature_made_in_a_way_that_is_no_longer_safe_is_not_certified() -> None:
    report = verify(sign(pdf(), head(), digest="sha1"))
    assert (report.verdict, report.signatures[0].certificate) == ("uncertified", "weak")


def test_a_pdf_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "_MOST_SECONDS", 0.0001)
    with pytest.raises(BadFile, match="terlalu berat"):
        verify(signed_by_head())


def text(words: str) -> bytes:
    return bytes(typst.compile(words.encode()))  # type: ignore[arg-type]


def test_a_signed_pdf_is_compared_with_the_letter_that_was_made_here() -> None:
    ours = text("Nota Pemeriksaan I")
    assert compare_pdf(sign(ours, head()), ours=ours) == PdfLikeness(contains=True)
    same = compare_pdf(text("Nota Pemeriksaan I") + b"%other\n", ours=ours[:-1] + b" ")
    assert (same.contains, same.missing, same.added) == (False, 0, 0)
    other = compare_pdf(text("Nota Pemeriksaan Kedua baru"), ours=ours)
    assert (other.missing, other.added) == (1, 2)
    assert "1 kata kami tidak ada di dalamnya, 2 kata ditambahkan" in str(other.sentence)
    assert compare_pdf(b"%PDF-broken", ours=ours) == PdfLikeness(contains=False)
