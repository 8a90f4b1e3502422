"""The verbs of signing: a letter gets its signed file; whom the office trusts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Invalid, Refusal
from compliance.core.events import Subject, record
from compliance.core.text import say
from compliance.files.commands import add_file
from compliance.letters.commands.serving import sign_letter
from compliance.letters.models import Letter
from compliance.letters.queries import letter_with_bytes
from compliance.letters.signing.certificates import ReadCertificate
from compliance.letters.signing.checking import SignedFile
from compliance.letters.signing.models import TrustRoot
from compliance.letters.signing.rules import UNSIGNED
from compliance.office.settings import today
from compliance.policy import Actor, command


@command("letter.sign")
def sign_with_file(
    letter: Letter, *, by: Actor, signed: SignedFile, signed_on: date | None = None
) -> None:
    """The letter was signed, and this is the file: a scan, or a PDF whose signatures were verified.

    `signed_on` is the day of ink; an electronic signature says its own. Raises Invalid, Refusal.
    """
    known = letter_with_bytes(signed.kept.sha256)
    if known is not None:
        raise Refusal(
            say("Berkas ini sudah dipakai untuk surat {number}.", number=known.number or "–")
        )
    facts = signed.facts if signed.facts.report.verdict != UNSIGNED else None
    day = signed_on if facts is None else _day_of(letter, signed, typed=signed_on)
    sign_letter(
        letter,
        by=by,
        how=signed.how,
        signed_on=day,
        signed_file_id=add_file(signed.kept).id,
        signature=facts.stored() if facts is not None else None,
    )


def _day_of(letter: Letter, signed: SignedFile, *, typed: date | None) -> date:
    """The day of an electronic signature. The clock of the signer's machine may be wrong: what it says stays
    in the facts, and a day that cannot be is today.
    """
    day = signed.signed_on or typed
    return day if day is not None and letter.issued_on <= day <= today() else today()


@command("trust_root.manage", about=None)
def add_trust_roots(certificates: Sequence[ReadCertificate], *, by: Actor) -> list[TrustRoot]:
    """The office trusts these authorities from now on. Raises Invalid when it trusts all of them already."""
    added = [root for read in certificates if (root := _trust(read, by=by))]
    if not added:
        raise Invalid({"file": say("Sertifikat ini sudah ada dalam daftar.")})
    return added


def _trust(read: ReadCertificate, *, by: Actor) -> TrustRoot | None:
    """The row of a certificate that is trusted from now on; None when it was before."""
    query = sa.select(TrustRoot).where(TrustRoot.fingerprint == read.fingerprint)
    root = db.session.scalars(query).one_or_none()
    if root is not None and root.removed_at is None:
        return None
    if root is None:
        root = TrustRoot(
            subject=read.subject,
            fingerprint=read.fingerprint,
            certificate=read.der,
            valid_from=read.valid_from,
            valid_until=read.valid_until,
        )
        db.session.add(root)
    root.added_at, root.removed_at = clock.now(), None
    db.session.flush()
    record("trust_root.added", by=by, subject=Subject("trust_root", root.id), **_said_of(root))
    return root


@command("trust_root.manage", about=None)
def remove_trust_root(root: TrustRoot, *, by: Actor) -> None:
    """The office no longer trusts it. What was verified before stays as it was."""
    root.removed_at = clock.now()
    record("trust_root.removed", by=by, subject=Subject("trust_root", root.id), **_said_of(root))


def _said_of(root: TrustRoot) -> dict[str, Any]:
    return {"certificate": root.subject, "fingerprint": root.fingerprint}
