"""Reading the certificates of authorities, as PEM or DER, with what pyHanko itself reads them with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from compliance.core.errors import Invalid
from compliance.core.parsing import clean_line
from compliance.core.text import Text, say
from compliance.letters.signing.models import LONGEST_SUBJECT
from compliance.letters.signing.verifying import can_verify

LARGEST_CERTIFICATES = 256 * 1024
_MOST_AT_ONCE = 20
_NONE = say("Pilih berkas sertifikat penerbit (.pem, .crt, atau .cer).")
_UNREADABLE = say(
    "Berkas ini bukan sertifikat yang utuh. Kirim sertifikat penerbit sebagai PEM atau DER."
)
NOT_INSTALLED = say(
    "Pemeriksaan tanda tangan elektronik tidak terpasang di server ini. Minta pengelola server memasang "
    "patuh[signing]."
)


@dataclass(frozen=True)
class ReadCertificate:
    """A certificate of an authority. `der` are its bytes, `fingerprint` their SHA-256."""

    der: bytes
    subject: str
    fingerprint: str
    valid_from: datetime
    valid_until: datetime


def read_certificates(content: bytes, *, at: datetime) -> list[ReadCertificate]:
    """The authorities' certificates in an uploaded file. Raises Invalid for anything else in it."""
    if not can_verify():
        raise Invalid({"file": NOT_INSTALLED})
    if not content:
        raise Invalid({"file": _NONE})
    if len(content) > LARGEST_CERTIFICATES:
        raise Invalid({"file": say("Berkas sertifikat paling besar 256 KB.")})
    if b"PRIVATE KEY" in content:
        raise Invalid(
            {
                "file": say(
                    "Berkas ini memuat kunci rahasia. Jangan kirim ke mana pun; kirim sertifikatnya saja."
                )
            }
        )
    read = [_read(der) for der in _parts(content)]
    for certificate in read:
        if reason := _doubt(certificate, at=at):
            raise Invalid({"file": reason})
    return [facts for _certificate, facts in read]


def _parts(content: bytes) -> list[bytes]:
    """The DER of each certificate in a file. Raises Invalid."""
    from asn1crypto import pem

    if not pem.detect(content):
        return [content]
    try:
        parts = [(kind, der) for kind, _headers, der in pem.unarmor(content, multiple=True)]
    except ValueError:
        raise Invalid({"file": _UNREADABLE}) from None
    if any(kind != "CERTIFICATE" for kind, _der in parts) or not 0 < len(parts) <= _MOST_AT_ONCE:
        raise Invalid({"file": _UNREADABLE})
    return [der for _kind, der in parts]


def _read(der: bytes) -> tuple[Any, ReadCertificate]:
    from asn1crypto.x509 import Certificate

    try:
        certificate = Certificate.load(der, strict=True)
        _everything = (
            certificate.native
        )  # what is broken is said now, not when a letter is verified
        subject = clean_line(certificate.subject.human_friendly) or "?"
        return certificate, ReadCertificate(
            der=der,
            subject=subject[:LONGEST_SUBJECT],
            fingerprint=certificate.sha256.hex(),
            valid_from=certificate.not_valid_before.astimezone(UTC),
            valid_until=certificate.not_valid_after.astimezone(UTC),
        )
    except (ValueError, TypeError, KeyError, OverflowError):
        raise Invalid({"file": _UNREADABLE}) from None


def _doubt(read: tuple[Any, ReadCertificate], *, at: datetime) -> Text | None:
    """Why a certificate cannot be trusted as an authority's."""
    certificate, facts = read
    if not certificate.ca:
        return say(
            "{subject} bukan sertifikat penerbit (CA), jadi tidak dapat menjamin orang lain.",
            subject=facts.subject,
        )
    if facts.valid_until < at:
        return say(
            "Sertifikat {subject} berakhir {at}.", subject=facts.subject, at=facts.valid_until
        )
    return None
