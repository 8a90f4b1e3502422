"""Reads about signing: whom the office trusts, and which letter a file is."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import NotFound, Refusal
from compliance.core.keyset import is_id
from compliance.core.text import say
from compliance.files.models import StoredFile
from compliance.letters.models import Letter
from compliance.letters.signing.checking import LetterToSign
from compliance.letters.signing.models import TrustRoot
from compliance.letters.workflow import LETTERS, NUMBERED
from compliance.office.settings import office_settings
from compliance.policy import Actor, require


def trust_roots() -> Sequence[TrustRoot]:
    """The certificates that the office trusts; first the one that expires first."""
    query = sa.select(TrustRoot).where(TrustRoot.removed_at.is_(None))
    return db.session.scalars(query.order_by(TrustRoot.valid_until, TrustRoot.id)).all()


def trusted_certificates() -> list[bytes]:
    """The same as DER, for verifying."""
    return [root.certificate for root in trust_roots()]


def expect_unsigned(letter: Letter) -> None:
    """Refuse early what the command would refuse after a slow look at a file. Raises Refusal."""
    step = "sign" if letter.status == NUMBERED else "sign_late"
    if (reason := LETTERS.refusal(letter, step)) is not None:
        raise Refusal(reason)


def letter_to_sign(letter: Letter) -> LetterToSign:
    """What a signed file of this letter is compared with. Raises Refusal when it has no PDF yet."""
    if letter.file is None:
        raise Refusal(say("PDF surat ini sedang disusun. Coba lagi sebentar lagi."))
    return LetterToSign(
        sha256=letter.file.sha256,
        named=tuple(signer["name"] for signer in letter.facts.get("signers", ())),
        roots=tuple(trusted_certificates()),
        at=clock.now(),
        zone=office_settings().zone,
    )


def letter_among(hashes: Sequence[str]) -> Letter | None:
    """The letter of which one of these SHA-256 is, as it was made or as it was signed."""
    files = sa.select(StoredFile.id).where(StoredFile.sha256.in_(hashes))
    query = sa.select(Letter).where(
        sa.or_(Letter.file_id.in_(files), Letter.signed_file_id.in_(files))
    )
    return db.session.scalars(query.order_by(Letter.id.desc())).first()


def load_trust_root(by: Actor, id: int) -> TrustRoot:
    """One of them, to be removed. Raises NotFound."""
    require(by, "trust_root.manage")
    root = db.session.get(TrustRoot, id) if is_id(id) else None
    if root is None or root.removed_at is not None:
        raise NotFound()
    return root
