"""Letters for programs: draft one, make its steps, and read the PDF of each."""

from __future__ import annotations

from dataclasses import asdict

from flask import Response, url_for

from compliance.api.auth import caller
from compliance.api.file_operations import get_file, post_file
from compliance.api.operations import Reply, get, post
from compliance.api.schemas.letters import (
    Approval,
    DeliveryAsKept,
    LetterAsMade,
    LetterList,
    LetterWithdrawal,
    NewDelivery,
    NewDeliveryWithScan,
    NewLetter,
    NewNumber,
    NewVersion,
    SignatureAsVerified,
    SignatureInInk,
    SignedLetterFile,
)
from compliance.api.schemas.requests import Query
from compliance.cases.models import Case
from compliance.cases.queries import NotaWaits, load_case
from compliance.companies.queries import load_company
from compliance.core.errors import NotFound
from compliance.core.keyset import is_id
from compliance.files.commands import ReceivedFile
from compliance.files.rules import MEDIA_TYPES
from compliance.files.views import send_stored
from compliance.letters.commands.drafting import draft_letter, replace_letter
from compliance.letters.commands.ending import withdraw_letter
from compliance.letters.commands.issuing import (
    approve_letter,
    issue_own_letter,
    number_letter,
    record_letter_number,
)
from compliance.letters.commands.serving import Attempt, serve_letter, sign_letter
from compliance.letters.models import Letter
from compliance.letters.queries import expect_revision, expect_to_serve, letters_for, load_letter
from compliance.letters.signing.checking import LetterToSign, SignedFile, check_signed_file
from compliance.letters.signing.commands import sign_with_file
from compliance.letters.signing.queries import expect_unsigned, letter_to_sign
from compliance.letters.signing.rules import SignedFileFacts
from compliance.letters.signing.views import signed_name
from compliance.letters.views.pages import SET_AFTER, file_name, listed_on
from compliance.people.readings.commands import note_reading


def _case(id: int, action: str, *, for_change: bool = False) -> Case:
    if not is_id(id):
        raise NotFound()
    return load_case(caller(), id=id, action=action, for_update=for_change)


def _letter(id: int, action: str) -> Letter:
    return load_letter(caller(), id, action=action, for_update=True)


@get("/cases/<int:id>/letters", answer=LetterList)
def list_letters(query: Query, id: int) -> Reply:
    """The letters of a case, in the order in which they were made. One whose nota waits has none yet."""
    try:
        case = _case(id, "case.read")
    except NotaWaits:
        return Reply(LetterList(items=[]))
    letters = letters_for(caller(), case, with_deliveries=True)
    return Reply(LetterList(items=[_in_full(letter) for letter in letters]))


@post("/cases/<int:id>/letters", body=NewLetter, answer=LetterAsMade, status=201)
def post_letter(body: NewLetter, id: int) -> Reply:
    """Draft a letter of a case."""
    case = _case(id, "letter.draft", for_change=True)
    letter = draft_letter(
        body.kind,
        by=caller(),
        company=case.company,
        case=case,
        issued_on=body.issued_on,
        options=body.options(),
    )
    return _made(letter)


@post("/companies/<int:id>/letters", body=NewLetter, answer=LetterAsMade, status=201)
def post_order(body: NewLetter, id: int) -> Reply:
    """Draft an order to inspect a company that has no case yet."""
    company = load_company(caller(), id)
    letter = draft_letter(
        body.kind, by=caller(), company=company, issued_on=body.issued_on, options=body.options()
    )
    return _made(letter)


def _made(letter: Letter) -> Reply:
    return Reply(
        _in_full(letter), status=201, location=url_for("api.get_letter_facts", id=letter.id)
    )


@get("/letters/<int:id>", answer=LetterAsMade)
def get_letter_facts(query: Query, id: int) -> Reply:
    """One letter: where it stands, and each attempt to hand it over."""
    return Reply(_in_full(load_letter(caller(), id)))


@post("/letters/<int:id>/approval", body=Approval, answer=LetterAsMade)
def post_letter_approval(body: Approval, id: int) -> Reply:
    """The head's side agrees to the letter as it stands."""
    letter = _letter(id, "letter.approve")
    expect_revision(letter, body.revision)
    approve_letter(letter, by=caller())
    return Reply(_in_full(letter))


@post("/letters/<int:id>/number", body=NewNumber, answer=LetterAsMade)
def post_number(body: NewNumber, id: int) -> Reply:
    """Issue the letter with its number, or write down the number of one that went out with a blank."""
    letter = _letter(id, "letter.draft")
    if letter.is_issued:
        record_letter_number(letter, by=caller(), number=body.number)
    elif letter.by_the_head:
        number_letter(letter, by=caller(), number=body.number)
    else:
        issue_own_letter(letter, by=caller(), number=body.number)
    return Reply(_in_full(letter))


def _signable(body: SignedLetterFile, id: int) -> LetterToSign:
    letter = load_letter(caller(), id, action="letter.sign")
    if letter.signed_on is None:  # else the same request may come again, to be answered as before
        expect_unsigned(letter)
    return letter_to_sign(letter)


@post_file(
    "/letters/<int:id>/signature",
    form=SignedLetterFile,
    body=SignatureInInk,
    answer=LetterAsMade,
    allowed=_signable,
    receive=lambda _name, content, letter: check_signed_file(content, letter),
    status=200,
)
def post_signature(
    body: SignatureInInk | SignedLetterFile, sent: SignedFile | None, id: int
) -> Reply:
    """Record that the letter was signed: with ink, or by this file, whose signatures are verified."""
    letter = _letter(id, "letter.sign")
    if sent is None:
        sign_letter(letter, by=caller(), how="wet_ink", signed_on=body.signed_on)
    else:
        sign_with_file(letter, by=caller(), signed=sent, signed_on=body.signed_on)
    return Reply(_in_full(letter))


def _servable(body: NewDeliveryWithScan, id: int) -> None:
    expect_to_serve(load_letter(caller(), id, action="letter.serve"))


@post_file(
    "/letters/<int:id>/service",
    form=NewDeliveryWithScan,
    body=NewDelivery,
    answer=LetterAsMade,
    allowed=_servable,
)
def post_service(
    body: NewDelivery | NewDeliveryWithScan, sent: ReceivedFile | None, id: int
) -> Reply:
    """Record one attempt to hand the letter over. One that counts starts the time limits of a nota.

    A scan or photo of the receipt may come with it, and is evidence about the letter.
    """
    letter = _letter(id, "letter.serve")
    attempt = Attempt(**body.model_dump(exclude={"file"}))
    serve_letter(letter, by=caller(), attempt=attempt, scan=sent)
    return _made(letter)


@post("/letters/<int:id>/replacement", body=NewVersion, answer=LetterAsMade, status=201)
def post_replacement(body: NewVersion, id: int) -> Reply:
    """Draft a new version of an issued letter. The old one holds until the new one has its number."""
    letter = _letter(id, "letter.draft")
    new = replace_letter(letter, by=caller(), reason=body.reason, options=body.options())
    return _made(new)


@post("/letters/<int:id>/withdrawal", body=LetterWithdrawal, answer=LetterAsMade)
def post_letter_withdrawal(body: LetterWithdrawal, id: int) -> Reply:
    """The letter holds no longer."""
    letter = _letter(id, "letter.withdraw")
    withdraw_letter(letter, by=caller(), reason=body.reason)
    return Reply(_in_full(letter))


@get_file("/letters/<int:id>/pdf", media_types=("application/pdf",), later=True)
def get_letter(id: int) -> Response:
    """The letter as it was made, byte for byte; 202 for the moment in which it is not set."""
    letter = load_letter(caller(), id)
    if not letter.is_issued:
        raise NotFound()
    if letter.file is None:
        return Response(status=202, headers={"Retry-After": str(SET_AFTER)})
    note_reading("letter", f"letter:{id}", page=listed_on(letter), by=caller())
    return send_stored(letter.file, name=file_name(letter))


@get_file("/letters/<int:id>/signed", media_types=tuple(MEDIA_TYPES.values()))
def get_signed_letter(id: int) -> Response:
    """The signed file, byte for byte: a PDF with electronic signatures, or a scan."""
    letter = load_letter(caller(), id)
    if letter.signed_file is None:
        raise NotFound()
    note_reading("letter", f"letter:{id}", page=listed_on(letter), by=caller())
    return send_stored(letter.signed_file, name=signed_name(letter))


def _signature_of(letter: Letter) -> SignatureAsVerified | None:
    if letter.signature is None:
        return None
    facts = SignedFileFacts.restored(letter.signature)
    likeness = facts.likeness
    return SignatureAsVerified.model_validate(
        {
            "verdict": facts.report.verdict,
            "contains_letter": likeness.contains if likeness else None,
            "missing_words": likeness.missing if likeness else None,
            "added_words": likeness.added if likeness else None,
            "strangers": list(facts.strangers),
            "signatures": [asdict(one) for one in facts.report.signatures],
        }
    )


def _in_full(letter: Letter) -> LetterAsMade:
    file, signed = letter.file, letter.signed_file
    return LetterAsMade.model_validate(
        {
            "id": letter.id,
            "kind": letter.kind,
            "number": letter.number,
            "version": letter.version,
            "revision": letter.revision,
            "state": letter.status,
            "issued_on": letter.issued_on,
            "signed_on": letter.signed_on,
            "signed_how": letter.signed_how,
            "replaces": letter.replaces_id,
            "sha256": file.sha256 if file is not None else None,
            "pdf": url_for("api.get_letter", id=letter.id) if file is not None else None,
            "signed_sha256": signed.sha256 if signed else None,
            "signed": url_for("api.get_signed_letter", id=letter.id) if signed else None,
            "signature": _signature_of(letter),
            "deliveries": [DeliveryAsKept.model_validate(one) for one in letter.deliveries],
        }
    )
