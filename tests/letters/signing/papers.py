"""A certificate authority of the tests, people whom it certifies, and PDFs that they sign."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests.files.pictures import pdf

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 30, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Identity:
    """A certificate with its key, and who issued it."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)


@cache
def issue(
    name: str,
    *,
    by: Identity | None = None,
    authority: bool = False,
    since: datetime = BEGIN,
    days: int = 730,
) -> Identity:
    """A certificate that starts on `since`; without `by` it is made by its bearer."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(_uses(authority=authority), critical=True)
    )
    certificate = built.sign((by or Identity(None, key)).key, hashes.SHA256())  # type: ignore[arg-type]
    return Identity(certificate, key, (by.certificate, *by.chain) if by else ())


def _uses(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


@cache
def authority() -> Identity:
    return issue("Induk Contoh", authority=True)


@cache
def head() -> Identity:
    """A head of office whom the authority certifies."""
    return issue("Rosa Umpama, M.Si.", by=authority())


def sign(
    content: bytes,
    by: Identity,
    *,
    field: str = "Tanda1",
    visible: bool = False,
    digest: str = "sha256",
) -> bytes:
    """A PDF signed as an incremental update."""
    store = SimpleCertificateStore()
    store.register_multiple(_asn1(each) for each in by.chain)
    key = by.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    signer = signers.SimpleSigner(
        signing_cert=_asn1(by.certificate),
        signing_key=PrivateKeyInfo.load(key),
        cert_registry=store,
    )
    box: Any = (50, 50, 250, 110) if visible else None
    where = fields.SigFieldSpec(field, on_page=0, box=box)
    meta = signers.PdfSignatureMetadata(
        field_name=field, subfilter=fields.SigSeedSubFilter.PADES, md_algorithm=digest
    )
    pen = signers.PdfSigner(meta, signer, new_field_spec=where)
    with ThreadPoolExecutor(1) as other:  # this thread may have a loop already: a browser's
        writer = IncrementalPdfFileWriter(io.BytesIO(content), strict=False)
        made = other.submit(pen.sign_pdf, writer).result()
    return bytes(made.getvalue())


def _asn1(certificate: x509.Certificate) -> Certificate:
    return Certificate.load(certificate.public_bytes(Encoding.DER))


@cache
def signed_by_head() -> bytes:
    return sign(pdf(), head())
