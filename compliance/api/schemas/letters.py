"""What the API is sent about letters, and what it answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from compliance.api.schemas.files import FileForm
from compliance.api.schemas.notas import ResponseBody
from compliance.api.schemas.requests import Body, Id, Line, Prose

Kind = Literal[
    "spt",
    "ba",
    "ba_refusal",
    "nota_1",
    "receipt",
    "cover_ptsp",
    "recheck_notice",
    "nota_2",
    "noncompliance_report",
    "recommendation",
    "clearance_letter",
    "certificate",
    "report",
]
State = Literal["draft", "approved", "numbered", "signed", "served", "replaced", "withdrawn"]
Hour = Annotated[Line, Field(max_length=5, description="For example 09.30")]
Lines = Annotated[list[Line], Field(max_length=20)]


class LetterOptions(Body):
    """What letters ask; each kind takes those of its own (docs/api.md)."""

    issued_on: date | None = Field(None, description="The day of the letter; today when left out")
    inspectors: Annotated[list[Id], Field(max_length=20)] | None = None
    visit_on: date | None = None
    visit_at: Hour | None = None
    held_on: date | None = None
    held_at: Hour | None = None
    place: Line | None = None
    met_name: Line | None = None
    met_position: Line | None = None
    result: Annotated[Prose, Field(max_length=4000)] | None = None
    documents: Lines | None = None
    refused: Line | None = None
    refused_by: Line | None = None
    witness: Line | None = None
    witness_position: Line | None = None
    about_letter: Id | None = None
    sheets: Annotated[int, Field(ge=1, le=1000)] | None = None
    cover: Literal["information", "recommendation", "bpjs_request"] | None = None
    office: Line | None = None
    bpjs_number: Line | None = None
    bpjs_on: date | None = None
    proposal: Annotated[Prose, Field(max_length=4000)] | None = None
    official: Line | None = None
    proof: Lines | None = None

    def options(self, *others: str) -> dict[str, Any]:
        """What was sent, by the name of the option."""
        sent = self.model_dump(exclude_unset=True, exclude={"issued_on", "kind", "reason", *others})
        return {name: value for name, value in sent.items() if value is not None}


class NewLetter(LetterOptions):
    """A letter to draft."""

    kind: Kind


class NewVersion(LetterOptions):
    """A new version of a letter, and why it is made. A nota may be corrected in these parts only."""

    reason: Annotated[Prose, Field(min_length=1, max_length=500)]
    company_name: Line | None = None
    address: Annotated[Prose, Field(max_length=500)] | None = None
    met: Line | None = None
    facts: dict[str, Annotated[Prose, Field(max_length=4000)]] | None = Field(
        None, description="Corrected facts of findings, by the id of the finding"
    )


class Approval(Body):
    """The head's side agrees to the letter as it stands."""

    revision: Annotated[int, Field(ge=1)] | None = Field(
        None, description="The revision that was read: 412 when the letter has changed since"
    )


class NewNumber(Body):
    """The number of the letter; left out, the office's next one, or a blank where it numbers by hand."""

    number: Annotated[Line, Field(max_length=60)] | None = None


class _HowServed(BaseModel):
    """How a letter was handed over."""

    how: Literal["hand", "post", "email", "refused"]
    served_on: date
    receiver: Line | None = None
    receiver_position: Annotated[Line, Field(max_length=100)] | None = None
    witness: Line | None = Field(None, description="Needed when the letter was refused")
    delivered: bool = True
    why_not: Line | None = Field(None, description="Needed when it was not delivered")
    restart_deadlines: bool | None = Field(
        None, description="Needed when the time limits of the nota ran already"
    )


class NewDelivery(Body, _HowServed):
    """One attempt to hand the letter over."""


class NewDeliveryWithScan(FileForm, _HowServed):
    """One attempt to hand the letter over, with a scan or photo of its receipt, 15 MB at most."""


class LetterWithdrawal(Body):
    """Why the letter holds no longer."""

    reason: Annotated[Prose, Field(min_length=1, max_length=500)]


class SignatureInInk(Body):
    """The letter was signed with ink, and no file is sent."""

    how: Literal["wet_ink"]
    signed_on: date


class SignedLetterFile(FileForm):
    """A PDF whose electronic signatures are verified, or a scan or photo of a letter signed with ink."""

    signed_on: date | None = Field(
        None, description="Needed for a scan; an electronic signature says its own day"
    )


class PdfSignatureAsVerified(ResponseBody):
    """One signature. It holds when it is intact, valid and trusted together."""

    signer: str
    issuer: str
    fingerprint: Annotated[str, Field(description="SHA-256 of the certificate")]
    certificate: Annotated[str, Field(description="listed, or why it is not trusted")]
    intact: bool
    valid: bool
    trusted: bool
    covers: Annotated[str, Field(description="file, revision or part")]
    claimed_at: str | None
    stamped_at: str | None


class SignatureAsVerified(ResponseBody):
    """What verifying the signed PDF said, once, when it came."""

    verdict: Literal["certified", "uncertified", "unchecked"]
    contains_letter: Annotated[
        bool | None, Field(description="It begins with the bytes of the letter that was made here")
    ]
    missing_words: int | None
    added_words: int | None
    strangers: Annotated[list[str], Field(description="Signers whom the letter does not name")]
    signatures: list[PdfSignatureAsVerified]


class DeliveryAsKept(ResponseBody):
    """One attempt to hand a letter over; `counts` is true for one that reached its receiver."""

    how: Literal["hand", "post", "email", "refused"]
    served_on: date
    receiver: str | None
    receiver_position: str | None
    witness: str | None
    counts: bool
    why_not: str | None
    restart_deadlines: Annotated[bool, Field(description="It started the time limits anew")]
    recorded_at: datetime
    evidence_id: Annotated[int | None, Field(description="The scan or photo of its receipt")]


class LetterAsMade(ResponseBody):
    """One letter. `sha256` and `pdf` are null for a draft, and for the moment in which it is not set."""

    id: int
    kind: Kind
    number: str | None
    version: int
    revision: Annotated[int, Field(description="Counts the changes of the letter")]
    state: State
    issued_on: date
    signed_on: date | None
    signed_how: Literal["wet_ink", "scan", "certified", "uncertified"] | None
    replaces: Annotated[int | None, Field(description="The id of the letter that it replaces")]
    sha256: str | None
    pdf: Annotated[str | None, Field(description="The address of the PDF")]
    signed_sha256: Annotated[str | None, Field(description="SHA-256 of the signed file")]
    signed: Annotated[str | None, Field(description="The address of the signed file")]
    signature: SignatureAsVerified | None
    deliveries: list[DeliveryAsKept]


class LetterList(ResponseBody):
    items: list[LetterAsMade]
