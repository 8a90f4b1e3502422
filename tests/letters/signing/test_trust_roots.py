"""The admin says which authorities the office trusts; the machine's own list is never asked."""

from __future__ import annotations

import io
from typing import Any

import pytest
import sqlalchemy as sa

from compliance.core.db import db
from compliance.core.events import Event
from compliance.letters.signing import certificates
from compliance.letters.signing.models import TrustRoot
from compliance.letters.signing.queries import trusted_certificates
from tests.browser import Browser, Page
from tests.letters.signing.papers import authority, head, issue
from tests.licensing.desk import Clock, Open

ADDRESS = "/admin/trust-roots"


def send(adi: Browser, content: bytes) -> Page:
    adi.get(ADDRESS)
    file: Any = (io.BytesIO(content), "induk.pem")
    return adi.post(ADDRESS, file=file)


def roots() -> list[TrustRoot]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(TrustRoot).order_by(TrustRoot.id)))


def test_an_authority_is_trusted_from_its_certificate_on(browser: Open) -> None:
    adi, other = browser("adi"), issue("Induk Kedua Contoh", authority=True)
    page = send(adi, authority().pem + other.pem)
    for said in ("Induk Contoh", "Induk Kedua Contoh", authority_fingerprint()):
        assert said in page.text, said
    assert [root.certificate for root in roots()] == [authority().der, other.der]
    kinds = db.session.scalars(sa.select(Event.kind).where(Event.kind.startswith("trust_root")))
    assert list(kinds) == ["trust_root.added"] * 2
    assert "Penerbit sertifikat dipercaya" in adi.get("/admin/audit").text


def authority_fingerprint() -> str:
    import hashlib

    return hashlib.sha256(authority().der).hexdigest()


def test_der_is_read_too_and_twice_is_once(browser: Open) -> None:
    adi = browser("adi")
    assert send(adi, authority().der).status == 200
    page = send(adi, authority().pem)
    assert (page.status, len(roots())) == (422, 1)
    assert "sudah ada dalam daftar" in page.text


def test_who_was_removed_vouches_for_nobody_and_can_come_back(browser: Open) -> None:
    adi = browser("adi")
    send(adi, authority().pem)
    (root,) = roots()
    adi.get(f"{ADDRESS}/{root.id}/remove")
    page = adi.post(f"{ADDRESS}/{root.id}/remove")
    assert "Belum ada." in page.text
    db.session.rollback()
    assert trusted_certificates() == []
    assert adi.get(f"{ADDRESS}/{root.id}/remove").status == 404
    assert send(adi, authority().pem).status == 200
    assert (len(roots()), trusted_certificates()) == (1, [authority().der])


REFUSED = {
    "nothing": (b"", "Pilih berkas"),
    "a person's": (head().pem, "bukan sertifikat penerbit"),
    "a text": (b"halo", "bukan sertifikat"),
    "a broken one": (authority().pem[:200] + b"\n-----END CERTIFICATE-----\n", "bukan sertifikat"),
    "a key": (b"-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n", "kunci rahasia"),
    "a large one": (authority().pem * 700, "256 KB"),
    "one of them a person's": (authority().pem + head().pem, "bukan sertifikat penerbit"),
}


@pytest.mark.one_store
@pytest.mark.parametrize(("content", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_authority_is_refused_and_nothing_is_stored(
    browser: Open, content: bytes, reason: str
) -> None:
    page = send(browser("adi"), content)
    assert (page.status, roots()) == (422, [])
    assert reason in page.text


@pytest.mark.one_store
def test_an_expired_authority_is_refused_and_one_that_expires_is_marked(
    browser: Open, at: Clock
) -> None:
    adi = browser("adi")
    assert "berakhir" in send(adi, issue("Induk Usang", authority=True, days=30).pem).text
    send(adi, issue("Induk Singkat", authority=True, days=340).pem)
    assert "sudah berakhir" not in adi.get(ADDRESS).text
    at("2027-01-10 09:00")
    assert "sudah berakhir" in browser("adi").get(ADDRESS).text


@pytest.mark.one_store
def test_without_the_extra_the_page_says_so(browser: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("compliance.admin.views.trust_roots", "compliance.letters.signing.certificates"):
        monkeypatch.setattr(f"{module}.can_verify", lambda: False)
    adi = browser("adi")
    assert str(certificates.NOT_INSTALLED) in adi.get(ADDRESS).text
    assert send(adi, authority().pem).status == 422


@pytest.mark.one_store
@pytest.mark.parametrize("who", ["ina", "sari", "tika", "lia"])
def test_only_the_admin_may(browser: Open, who: str) -> None:
    assert browser(who).get(ADDRESS).status == 403
