"""A signed file is looked at before it becomes a letter's: what it is, whose signatures it bears, and how it
differs from the letter that was made here. Slow, so outside of any transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from compliance.core.text import say
from compliance.files.commands import KeptBytes, keep_bytes
from compliance.files.examining import examine
from compliance.files.rules import PDF, BadFile
from compliance.files.storage import hash_of, whole_bytes
from compliance.letters.signing.rules import (
    CERTIFIED,
    REFUSED_VERDICTS,
    UNCERTIFIED,
    UNSIGNED,
    SignatureReport,
    SignedFileFacts,
    strangers_among,
)
from compliance.letters.signing.verifying import compare_pdf, verify_pdf


@dataclass(frozen=True)
class LetterToSign:
    """What a signed file is compared with: the letter's bytes and the people whom it names; and by what and
    when its signatures are judged.
    """

    sha256: str
    named: tuple[str, ...]
    roots: tuple[bytes, ...]
    at: datetime
    zone: ZoneInfo

    @property
    def content(self) -> bytes:
        """The letter as it was made. Raises MissingBytes, OSError."""
        return whole_bytes(self.sha256)


@dataclass(frozen=True)
class SignedFile:
    """A file that may sign a letter; its bytes are kept. `signed_on` is the day that its signatures say."""

    kept: KeptBytes
    how: str
    facts: SignedFileFacts
    signed_on: date | None


def check_signed_file(
    content: bytes, letter: LetterToSign, *, only_electronic: bool = False
) -> SignedFile:
    """Look at a file that is said to be a signed letter, and keep its bytes. Raises BadFile, OSError.

    A PDF that changed after it was signed is refused. One without a signature is a scan; where
    `only_electronic` ones are expected, it is refused too.
    """
    examined = examine(content)
    if hash_of(content) == letter.sha256:
        raise BadFile(say("Ini surat yang disusun di sini, belum ditandatangani."))
    is_pdf = examined.kind == PDF
    report = verify_pdf(content, roots=letter.roots, at=letter.at) if is_pdf else SignatureReport()
    if report.verdict in REFUSED_VERDICTS or (only_electronic and report.verdict == UNSIGNED):
        raise BadFile(report.sentence)
    signed = report.verdict != UNSIGNED
    likeness = compare_pdf(content, ours=letter.content) if signed else None
    return SignedFile(
        kept=keep_bytes(content, kind=examined.kind),
        how=report.verdict if report.verdict in (CERTIFIED, UNCERTIFIED) else "scan",
        facts=SignedFileFacts(
            report, likeness, tuple(strangers_among(report.signatures, letter.named))
        ),
        signed_on=_day_of(report, zone=letter.zone),
    )


def _day_of(report: SignatureReport, *, zone: ZoneInfo) -> date | None:
    """The office's day of the latest signature."""
    times = [each.stamped_at or each.claimed_at for each in report.signatures]
    instants = [datetime.fromisoformat(time) for time in times if time]
    return max(instants).astimezone(zone).date() if instants else None
