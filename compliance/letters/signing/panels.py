"""What signing shows on the public page: whether a PDF is a letter of ours, and whose signatures it bears."""

from __future__ import annotations

from compliance.core import clock
from compliance.core.db import reading
from compliance.core.text import say
from compliance.files.rules import PDF, BadFile, kind_of
from compliance.files.storage import hash_of
from compliance.letters.models import Letter
from compliance.letters.panels import shown_to_public
from compliance.letters.signing.queries import letter_among, trusted_certificates
from compliance.letters.signing.rules import SignedFileFacts, hashes_of_beginnings
from compliance.letters.signing.verifying import verify_pdf
from compliance.licensing.panels import VerifiedFile


def look_at_file(content: bytes) -> VerifiedFile:
    """What a PDF is. It is neither kept nor counted as a letter's. Raises BadFile."""
    if kind_of(content) != PDF:
        raise BadFile(say("Halaman ini hanya memeriksa PDF."))
    own = hash_of(content)
    with reading():
        letter = letter_among([own]) or letter_among(hashes_of_beginnings(content))
        paper = shown_to_public(letter) if letter is not None else None
        compared = letter is not None and _is_compared(letter)
        roots = trusted_certificates()
    report = verify_pdf(content, roots=roots, at=clock.now())  # slow, so outside of any transaction
    known = {paper.sha256, paper.signed_sha256} if paper is not None else set()
    return VerifiedFile(
        paper=paper,
        exact=own in known,
        signed_copy=paper is not None and own == paper.signed_sha256,
        compared=compared,
        signature=report.sentence,
        signatures=[(signature.sentence, signature.time) for signature in report.signatures],
    )


def _is_compared(letter: Letter) -> bool:
    """Whether the signed file was seen to begin with the letter that was made here."""
    if letter.signature is None:
        return False
    likeness = SignedFileFacts.restored(letter.signature).likeness
    return likeness is not None and bool(likeness.contains)
