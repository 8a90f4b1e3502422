"""The signing service: what is asked of it, and that whatever it answers leaves a sentence and no secret."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from compliance.core.errors import Invalid
from compliance.letters.signing import bsre
from compliance.letters.signing.bsre import (
    RemoteSigner,
    SigningFailed,
    SigningRequest,
    sign_remotely,
    signing_service,
)
from compliance.letters.signing.verifying import verify_pdf
from tests.files.pictures import pdf
from tests.letters.signing.papers import NOW, authority
from tests.letters.signing.stand_in import NIK, PASSPHRASE, PASSWORD, StandIn, running

pytestmark = pytest.mark.one_store
ROSA = SigningRequest(NIK, PASSPHRASE, reason="Menyetujui", place="Kupang")


@pytest.fixture(scope="module")
def stand_in() -> Iterator[StandIn]:
    with running() as service:
        yield service


@pytest.fixture
def service(stand_in: StandIn) -> StandIn:
    stand_in.answers = "pdf"
    stand_in.asked.clear()
    return stand_in


def reached(service: StandIn, app: Flask, monkeypatch: pytest.MonkeyPatch) -> RemoteSigner:
    monkeypatch.setitem(app.config, "PATUH_SIGNING_URL", service.address)
    with app.app_context():
        known = signing_service()
    assert known is not None
    return known


@pytest.fixture
def known(service: StandIn, app: Flask, monkeypatch: pytest.MonkeyPatch) -> RemoteSigner:
    return reached(service, app, monkeypatch)


@pytest.mark.parametrize("answers", ["pdf", "id"])
def test_the_service_signs_and_pyhanko_agrees(
    service: StandIn, known: RemoteSigner, answers: str
) -> None:
    service.answers, content = answers, pdf()
    signed = sign_remotely(content, ROSA, service=known)
    assert signed.startswith(content)
    assert verify_pdf(signed, roots=[authority().der], at=NOW).verdict == "certified"
    assert service.asked == [
        {
            "nik": NIK,
            "passphrase": PASSPHRASE,
            "tampilan": "invisible",
            "reason": "Menyetujui",
            "location": "Kupang",
        }
    ]


def test_a_visible_signature_says_where_it_goes(service: StandIn, known: RemoteSigner) -> None:
    sign_remotely(pdf(), SigningRequest(NIK, PASSPHRASE, visible=True), service=known)
    assert (service.asked[0]["tampilan"], service.asked[0]["page"]) == ("visible", "1")


REFUSED = {
    "web": "bukan PDF",
    "bad id": "bukan PDF",
    "moved": "bukan PDF",
    "broken": "tidak menjawab",
    "other": "Sertifikat sudah berakhir",
    "echo": "HTTP 400",
    "huge": "lebih besar dari 15 MB",
}


@pytest.mark.parametrize(("answers", "reason"), REFUSED.items(), ids=REFUSED)
def test_whatever_else_it_answers_is_one_sentence(
    service: StandIn,
    known: RemoteSigner,
    capsys: pytest.CaptureFixture[str],
    answers: str,
    reason: str,
) -> None:
    service.answers = answers
    with pytest.raises(SigningFailed, match=reason) as refused:
        sign_remotely(pdf(), ROSA, service=known)
    written = str(refused.value) + "".join(capsys.readouterr())
    assert "Surat tidak berubah" in written
    for secret in (NIK, PASSPHRASE, PASSWORD):
        assert secret not in written


def test_a_wrong_passphrase_is_said_beside_its_field(known: RemoteSigner) -> None:
    with pytest.raises(Invalid) as refused:
        sign_remotely(pdf(), SigningRequest(NIK, "salah"), service=known)
    assert list(refused.value.errors) == ["passphrase"]


def test_what_cannot_be_right_is_not_sent(service: StandIn, known: RemoteSigner) -> None:
    with pytest.raises(Invalid) as refused:
        sign_remotely(pdf(), SigningRequest("12", ""), service=known)
    assert (set(refused.value.errors), service.asked) == ({"nik", "passphrase"}, [])


def test_an_account_that_the_service_does_not_know_is_the_admins_matter(
    known: RemoteSigner,
) -> None:
    stranger = RemoteSigner(known.address, "patuh", "lama")
    with pytest.raises(SigningFailed, match="menolak akun Patuh"):
        sign_remotely(pdf(), ROSA, service=stranger)


def test_a_service_that_is_away_or_silent_is_waited_for_only_a_while(
    service: StandIn, known: RemoteSigner, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = RemoteSigner("http://127.0.0.1:9", "patuh", "x")
    with pytest.raises(SigningFailed, match="tidak menjawab"):
        sign_remotely(pdf(), ROSA, service=nowhere)
    monkeypatch.setattr(bsre, "_SILENT_FOR", 0.05)
    service.answers = "slow"
    with pytest.raises(SigningFailed, match="tidak menjawab"):
        sign_remotely(pdf(), ROSA, service=known)


def test_no_text_of_a_request_or_account_holds_a_secret(known: RemoteSigner) -> None:
    for secret in (NIK, PASSPHRASE, PASSWORD):
        assert secret not in repr(ROSA) + repr(known)


def test_without_a_setting_there_is_no_service(app: Flask) -> None:
    with app.app_context():
        assert signing_service() is None
