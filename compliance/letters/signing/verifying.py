"""Verifying the signatures of a PDF with pyHanko, an extra (`pip install patuh[signing]`).

It is done in a child process with limits of memory and time (core/child), never in a write transaction, and
asks nobody outside: revocation is known only as far as the PDF brings it along. Trusted are the office's own
roots alone, never those of the machine.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from compliance.core.child import FailedInChild, TookTooMuch, in_child
from compliance.core.parsing import clean_line
from compliance.core.text import Text, say
from compliance.files.rules import BadFile
from compliance.letters.signing.rules import (
    PART,
    REVISION,
    WHOLE_FILE,
    PdfLikeness,
    PdfSignature,
    SignatureReport,
    likeness_of,
)

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
    from pyhanko.sign.validation.status import PdfSignatureStatus
    from pyhanko_certvalidator import ValidationContext

_MOST_SECONDS = 15
_MOST_MEMORY = 384 * 1024 * 1024
_MOST_SIGNATURES = 20
_LONGEST_NAME = 200
_YEARS = range(1990, 2101)
_MARK = b"/ByteRange"
"""Stands in every signed PDF: what a signature covers is said there, never in packed objects."""
_USES = ("digital_signature", "non_repudiation")
_one_at_a_time = threading.Lock()
"""So that the PDFs of several people together take no more memory than one."""
_DAMAGED = say(
    "PDF ini rusak, sehingga tanda tangannya tidak dapat diperiksa. Minta berkas yang asli."
)
_LOCKED = say("PDF ini dikunci dengan kata sandi. Kirim yang tidak dikunci.")
_HEAVY = say("PDF ini terlalu berat untuk diperiksa tanda tangannya.")
_BUSY = say("Patuh sedang memeriksa PDF lain. Coba lagi sebentar lagi.")
_CROWDED = say("PDF ini memuat lebih dari 20 tanda tangan; Patuh tidak memeriksanya.")


def can_verify() -> bool:
    """Whether the extra is installed on this server."""
    return find_spec("pyhanko") is not None


def verify_pdf(content: bytes, *, roots: Sequence[bytes], at: datetime) -> SignatureReport:
    """What signatures a PDF bears, and what they are worth at an instant.

    `roots` are the certificates (DER) of the authorities that the office trusts. Raises BadFile for a PDF
    that is locked, broken or too heavy.
    """
    if _MARK not in content:
        return SignatureReport()
    if not can_verify():
        return SignatureReport(installed=False)
    import pyhanko.pdf_utils.reader
    import pyhanko.sign.validation  # noqa: F401  (the child must import nothing)

    found = _in_turn(lambda: _look(content, roots, at))
    if "refused" in found:
        raise BadFile(Text.restored(found["refused"]))
    return SignatureReport(tuple(PdfSignature(**seen) for seen in found["signatures"]))


def compare_pdf(content: bytes, *, ours: bytes) -> PdfLikeness:
    """How a signed PDF compares with the letter that was made here. Raises BadFile when we are busy."""
    if content.startswith(ours):
        return PdfLikeness(contains=True)
    import pypdf  # noqa: F401

    try:
        theirs, own = _in_turn(lambda: [_words(content), _words(ours)])
    except BadFile as refusal:
        if refusal.reason == _BUSY:
            raise
        return PdfLikeness(contains=False)
    return likeness_of(own, theirs)


def _in_turn(look: Any) -> Any:
    """What a look at a PDF finds, in a child, one at a time. Raises BadFile."""
    if not _one_at_a_time.acquire(timeout=_MOST_SECONDS):
        raise BadFile(_BUSY)
    try:
        return in_child(look, seconds=_MOST_SECONDS, memory=_MOST_MEMORY)
    except TookTooMuch:
        raise BadFile(_HEAVY) from None
    except FailedInChild:
        raise BadFile(_DAMAGED) from None
    finally:
        _one_at_a_time.release()


def _words(content: bytes) -> list[str]:
    import pypdf

    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return " ".join(page.extract_text() for page in pages).split()


def _look(content: bytes, roots: Sequence[bytes], at: datetime) -> dict[str, Any]:
    """In the child: all signatures as JSON, or why the PDF is refused."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    reader = PdfFileReader(io.BytesIO(content))
    if reader.encrypted:
        return {"refused": _LOCKED.stored()}
    if len(reader.embedded_signatures) > _MOST_SIGNATURES:
        return {"refused": _CROWDED.stored()}
    trust = _Trust(reader, roots)
    looked = [(each, _status(each, trust, at)) for each in reader.embedded_regular_signatures]
    covered = any(_covers_all(each) for each, status in looked if status) or any(
        _is_stamp_of_all(each, trust, at) for each in reader.embedded_timestamp_signatures
    )
    tidy = content.endswith((b"%%EOF", b"%%EOF\n", b"%%EOF\r", b"%%EOF\r\n"))
    return {
        "signatures": [
            _as_json(each, status, covers=_coverage(each, status, covered=covered, tidy=tidy))
            for each, status in looked
        ]
    }


class _Trust:
    """The office's roots, and what the PDF brings along to verify with."""

    def __init__(self, reader: PdfFileReader, roots: Sequence[bytes]) -> None:
        from asn1crypto.x509 import Certificate
        from pyhanko.sign.validation.dss import DocumentSecurityStore
        from pyhanko.sign.validation.errors import NoDSSFoundError

        self._roots = [Certificate.load(root) for root in roots]
        self._store: DocumentSecurityStore | None = None
        with suppress(NoDSSFoundError):
            self._store = DocumentSecurityStore.read_dss(reader)

    def on(self, at: datetime) -> ValidationContext:
        """Trust at an instant: roots that are not valid then are left out."""
        from pyhanko_certvalidator import ValidationContext

        valid = [
            root for root in self._roots if root.not_valid_before <= at <= root.not_valid_after
        ]
        facts: dict[str, Any] = {"trust_roots": valid, "moment": at, "allow_fetching": False}
        if self._store is not None:
            return self._store.as_validation_context(facts)
        return ValidationContext(**facts)


def _status(
    signature: EmbeddedPdfSignature, trust: _Trust, at: datetime
) -> PdfSignatureStatus | None:
    """What pyHanko says; None when it cannot read the signature, or no longer accepts how it was made.

    A signature with a trusted timestamp is judged as of that time, when its certificate has expired since.
    """
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.errors import SignatureValidationError, ValidationInfoReadingError
    from pyhanko.sign.validation.settings import KeyUsageConstraints

    def judged(when: datetime) -> PdfSignatureStatus:
        context = trust.on(when)
        uses = KeyUsageConstraints(key_usage=_USES)
        return validate_pdf_signature(signature, context, trust.on(at), key_usage_settings=uses)

    try:
        status = judged(at)
        stamp = _stamped_at(status)
        return judged(stamp) if stamp is not None and not status.trusted else status
    except (SignatureValidationError, ValidationInfoReadingError, SigningError, ValueError):
        return None


def _stamped_at(status: PdfSignatureStatus) -> datetime | None:
    """The time of a trusted timestamp on the signature."""
    stamp = status.timestamp_validity
    if stamp is None or not (stamp.intact and stamp.valid and stamp.trusted):
        return None
    when: datetime = stamp.timestamp
    return when


def _covers_all(signature: EmbeddedPdfSignature) -> bool:
    from pyhanko.sign.validation import SignatureCoverageLevel

    return signature.coverage == SignatureCoverageLevel.ENTIRE_FILE


def _is_stamp_of_all(stamp: EmbeddedPdfSignature, trust: _Trust, at: datetime) -> bool:
    """Whether a timestamp of the whole document is intact and covers all of it."""
    from pyhanko.sign.validation import validate_pdf_timestamp

    status = validate_pdf_timestamp(stamp, trust.on(at))
    return bool(status.intact and status.valid) and _covers_all(stamp)


def _coverage(
    signature: EmbeddedPdfSignature,
    status: PdfSignatureStatus | None,
    *,
    covered: bool,
    tidy: bool,
) -> str:
    """How much a signature covers. What came after its own revision may be what helps to verify it, or
    further signatures when one of them covers the whole file (`covered`).
    """
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation import SignatureCoverageLevel

    if status is None:
        return PART
    if _covers_all(signature):
        return WHOLE_FILE
    followed = signature.signed_revision < signature.reader.xrefs.total_revisions - 1
    most = ModificationLevel.FORM_FILLING if covered else ModificationLevel.LTA_UPDATES
    harmless = status.modification_level is not None and status.modification_level <= most
    whole_revision = signature.coverage == SignatureCoverageLevel.ENTIRE_REVISION
    return (
        REVISION if whole_revision and followed and tidy and harmless and status.docmdp_ok else PART
    )


def _as_json(
    signature: EmbeddedPdfSignature, status: PdfSignatureStatus | None, *, covers: str
) -> dict[str, Any]:
    """One signature as the fields of PdfSignature."""
    if status is None:
        return vars(PdfSignature("?", "?", "", "unfit", True, False, False, PART))
    certificate, stamped = status.signing_cert, _stamped_at(status)
    return {
        "signer": _name(certificate.subject),
        "issuer": _name(certificate.issuer),
        "fingerprint": certificate.sha256.hex(),
        "certificate": _kind_of_certificate(status),
        "intact": status.intact,
        "valid": status.valid,
        "trusted": status.trusted,
        "covers": covers,
        "claimed_at": _instant(status.signer_reported_dt),
        "stamped_at": _instant(stamped),
    }


def _instant(said: datetime | None) -> str | None:
    """A time that a PDF says; None for a year that nobody can mean, and no clock of an office can show."""
    if said is None or said.year not in _YEARS:
        return None
    return (said if said.tzinfo else said.replace(tzinfo=UTC)).isoformat()


def _name(name: Any) -> str:
    """What a certificate calls somebody, as one line."""
    said = name.native.get("common_name") or name.human_friendly
    line = clean_line(said if isinstance(said, str) else str(said)) or "?"
    return line[:_LONGEST_NAME]


def _kind_of_certificate(status: PdfSignatureStatus) -> str:
    """Why a certificate is trusted or not, of CERTIFICATES."""
    from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate

    if status.trusted:
        return "listed"
    problem = status.trust_problem_indic
    if status.revoked or problem in (AdESFailure.REVOKED, AdESIndeterminate.REVOKED_NO_POE):
        return "revoked"
    if status.signing_cert.self_issued:
        return "self_made"
    times = {
        AdESIndeterminate.EXPIRED,
        AdESIndeterminate.NOT_YET_VALID,
        AdESIndeterminate.OUT_OF_BOUNDS_NO_POE,
        AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED,
        AdESFailure.NOT_YET_VALID,
    }
    if problem in times:
        return "expired"
    if problem in (
        AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE,
        AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
    ):
        return "weak"
    chain = (AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND, None)
    return "unlisted" if problem in chain else "unfit"
