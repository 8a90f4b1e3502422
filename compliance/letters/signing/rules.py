"""What verifying says about a PDF: its signatures, one verdict, and the sentences for both. Pure functions.

A signature is certified when its certificate comes from a certificate authority on the office's own list;
any other electronic signature is "tidak tersertifikasi" (PP 71/2019 art. 59(3), 60(3)).
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from compliance.core.text import Text, say

WHOLE_FILE, REVISION, PART = COVERAGES = ("file", "revision", "part")
"""What a signature covers: all bytes; all but later signatures and what helps to verify them; or less."""
CERTIFICATES = {
    "listed": say("sertifikat dari penerbit yang dipercaya kantor"),
    "self_made": say("sertifikat buatan sendiri"),
    "unlisted": say("penerbit sertifikat tidak ada dalam daftar kantor"),
    "expired": say("sertifikat tidak berlaku pada waktu diperiksa"),
    "revoked": say("sertifikat sudah dicabut"),
    "weak": say("cara menandatangani ini tidak aman lagi"),
    "unfit": say("sertifikat bukan untuk menandatangani dokumen"),
}
CERTIFIED, UNCERTIFIED, CHANGED_SINCE, EXTENDED_SINCE, UNREADABLE_SIGNATURE, UNSIGNED, UNCHECKED = (
    "certified",
    "uncertified",
    "changed",
    "extended",
    "unreadable",
    "unsigned",
    "unchecked",
)
SIGNATURE_VERDICTS = {
    CERTIFIED: say(
        "Tanda tangan elektronik tersertifikasi: utuh, sah, dan mencakup seluruh berkas."
    ),
    UNCERTIFIED: say(
        "Tanda tangan elektronik tidak tersertifikasi: berkasnya utuh, tetapi sertifikatnya tidak dijamin "
        "penerbit yang dipercaya kantor."
    ),
    CHANGED_SINCE: say("Isi PDF ini berubah sesudah ditandatangani. Minta berkas yang asli."),
    EXTENDED_SINCE: say(
        "Ada yang ditambahkan ke PDF ini sesudah ditandatangani, di luar tanda tangannya. Minta berkas yang "
        "asli."
    ),
    UNREADABLE_SIGNATURE: say(
        "Tanda tangan di PDF ini tidak dapat dibaca, atau memakai cara yang tidak aman lagi. Tandatangani "
        "sekali lagi."
    ),
    UNSIGNED: say("PDF ini tidak memuat tanda tangan elektronik."),
    UNCHECKED: say(
        "Pemeriksaan tanda tangan elektronik tidak terpasang di server ini; tanda tangan di PDF ini belum "
        "diperiksa."
    ),
}
REFUSED_VERDICTS = frozenset({CHANGED_SINCE, EXTENDED_SINCE, UNREADABLE_SIGNATURE})
"""A PDF of which one of these is true does not sign a letter."""


@dataclass(frozen=True)
class PdfSignature:
    """One signature in a PDF.

    `intact`: the signed bytes are as they were; `valid`: the signature fits its certificate; `trusted`: the
    certificate leads to an authority on the office's list. All three are needed: one alone says little.
    `claimed_at` is what the signer's machine says (ISO 8601), `stamped_at` what a trusted timestamp says.
    `certificate` is one of CERTIFICATES, `fingerprint` the certificate's SHA-256.
    """

    signer: str
    issuer: str
    fingerprint: str
    certificate: str
    intact: bool
    valid: bool
    trusted: bool
    covers: str
    claimed_at: str | None = None
    stamped_at: str | None = None

    @property
    def holds(self) -> bool:
        """Bottom line: intact, valid and trusted together."""
        return self.intact and self.valid and self.trusted

    @property
    def sentence(self) -> Text:
        """Who signed, by which kind of certificate."""
        if self.holds:
            return say(
                "{signer} (tersertifikasi, penerbit {issuer})",
                signer=self.signer,
                issuer=self.issuer,
            )
        why = CERTIFICATES[self.certificate]
        return say("{signer} (tidak tersertifikasi: {why})", signer=self.signer, why=why)

    @property
    def time(self) -> Text:
        """When it was signed, and who says so."""
        if self.stamped_at:
            at = datetime.fromisoformat(self.stamped_at)
            return say("{at}, menurut stempel waktu tepercaya", at=at)
        if self.claimed_at:
            at = datetime.fromisoformat(self.claimed_at)
            return say("{at}, menurut penanda tangan sendiri", at=at)
        return say("waktu tidak disebut")


@dataclass(frozen=True)
class SignatureReport:
    """What was found in a PDF. `installed` is false where no signature can be verified on this server."""

    signatures: tuple[PdfSignature, ...] = ()
    installed: bool = True

    @property
    def verdict(self) -> str:
        """The one word for the whole PDF, of SIGNATURE_VERDICTS."""
        if not self.installed:
            return UNCHECKED
        if not self.signatures:
            return UNSIGNED
        if not all(signature.intact for signature in self.signatures):
            return CHANGED_SINCE
        if not all(signature.valid for signature in self.signatures):
            return UNREADABLE_SIGNATURE
        if any(signature.covers == PART for signature in self.signatures):
            return EXTENDED_SINCE
        return CERTIFIED if all(signature.holds for signature in self.signatures) else UNCERTIFIED

    @property
    def sentence(self) -> Text:
        return SIGNATURE_VERDICTS[self.verdict]

    def stored(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return {
            "verdict": self.verdict,
            "installed": self.installed,
            "signatures": [asdict(signature) for signature in self.signatures],
        }

    @classmethod
    def restored(cls, value: Mapping[str, Any]) -> SignatureReport:
        """The report that `stored()` kept."""
        signatures = tuple(PdfSignature(**signature) for signature in value["signatures"])
        return cls(signatures, installed=value["installed"])


@dataclass(frozen=True)
class PdfLikeness:
    """How a signed PDF compares with the letter that was made here.

    `contains`: it begins with our bytes, so nothing of them was changed. Otherwise its text is compared:
    `missing` and `added` count words that only one of the two has; None when the text could not be read.
    """

    contains: bool
    missing: int | None = None
    added: int | None = None

    @property
    def sentence(self) -> Text:
        if self.contains:
            return say("PDF ini memuat surat yang disusun di sini, bita demi bita.")
        if self.missing is None:
            return say(
                "Berbeda dari surat yang disusun di sini; teksnya tidak dapat dibandingkan. Periksa isinya."
            )
        if not self.missing and not self.added:
            return say(
                "Berkasnya berbeda dari surat yang disusun di sini; kata-katanya sama. Periksa tampilannya."
            )
        return say(
            "Berbeda dari surat yang disusun di sini: {missing} kata kami tidak ada di dalamnya, {added} "
            "kata ditambahkan. Periksa isinya.",
            missing=self.missing,
            added=self.added,
        )


def strangers_among(signatures: Sequence[PdfSignature], named: Sequence[str]) -> list[str]:
    """The signers that are none of the people whom the letter names, by the words of their names.

    Titles do not count, nor which of two names is the longer one. It is said and never refused.
    """
    known = [_words_of_name(name) for name in named]
    return [
        signature.signer
        for signature in signatures
        if not any(_same(words, _words_of_name(signature.signer)) for words in known)
    ]


def _words_of_name(name: str) -> set[str]:
    words = re.split(r"[^\w.'’-]+", name.partition(",")[0].casefold())
    return {word for word in words if word and "." not in word}


def _same(one: set[str], other: set[str]) -> bool:
    return bool(one and other) and (one <= other or other <= one)


@dataclass(frozen=True)
class SignedFileFacts:
    """What was found out about the signed file of a letter, once, when it came.

    `likeness` is None for a photo or a scan; `strangers` signed and are not named in the letter.
    """

    report: SignatureReport
    likeness: PdfLikeness | None = None
    strangers: tuple[str, ...] = ()

    @property
    def cautions(self) -> list[Text]:
        """What a reader should look at before trusting the file."""
        cautions = []
        if self.likeness is not None and not self.likeness.contains:
            cautions.append(self.likeness.sentence)
        if self.strangers:
            names = ", ".join(self.strangers)
            sentence = say(
                "{names} menandatangani, tetapi tidak disebut di surat ini.", names=names
            )
            cautions.append(sentence)
        return cautions

    def stored(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return {
            "report": self.report.stored(),
            "likeness": asdict(self.likeness) if self.likeness else None,
            "strangers": list(self.strangers),
        }

    @classmethod
    def restored(cls, value: Mapping[str, Any]) -> SignedFileFacts:
        """The facts that `stored()` kept."""
        likeness = value["likeness"]
        return cls(
            report=SignatureReport.restored(value["report"]),
            likeness=PdfLikeness(**likeness) if likeness else None,
            strangers=tuple(value["strangers"]),
        )


def how_signed(how: str, signed_on: date, facts: SignedFileFacts | None) -> Text:
    """How a letter was signed, for everybody who may ask: never calls a code or a QR a signature."""
    names = ", ".join(each.signer for each in facts.report.signatures) if facts else ""
    if how == "certified":
        return say("elektronik, tersertifikasi: {names}, {day}", names=names, day=signed_on)
    if how == "uncertified":
        return say("elektronik, tidak tersertifikasi: {names}, {day}", names=names, day=signed_on)
    if facts is not None and facts.report.verdict == UNCHECKED:
        return say("PDF bertanda tangan yang belum diperiksa, {day}", day=signed_on)
    if how == "scan":
        return say("dengan tinta, {day}; pindaiannya disimpan", day=signed_on)
    return say("dengan tinta, {day}", day=signed_on)


_END = re.compile(rb"%%EOF(\r\n|\r|\n)?")
_MOST_ENDS = 50


def hashes_of_beginnings(content: bytes) -> list[str]:
    """The SHA-256 of all earlier states of a PDF to which something was added: up to its end marks, with and
    without the end of their line. The first 50 marks count.
    """
    hashed, read, found = hashlib.sha256(), 0, []
    for mark in islice(_END.finditer(content), _MOST_ENDS):
        for end in sorted({mark.start() + len(b"%%EOF"), mark.end()}):
            hashed.update(content[read:end])
            read = end
            found.append(hashed.hexdigest())
    return found


def likeness_of(ours: Sequence[str], theirs: Sequence[str]) -> PdfLikeness:
    """How the words of two texts differ, whatever their order."""
    counted, seen = Counter(ours), Counter(theirs)
    missing, added = (counted - seen).total(), (seen - counted).total()
    return PdfLikeness(contains=False, missing=missing, added=added)
