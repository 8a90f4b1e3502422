"""What the API is sent: one schema per body and per query, from which the OpenAPI description is made.

Refuses unknown fields, "1" where a number belongs, control characters, and numbers beyond all sense. What a
company or a nota may be is judged by the commands; here it is only read.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from compliance.cases.proofs.rules import LONGEST_CERTIFICATE, MOST_FILES, ProofFacts
from compliance.cases.rules import MOST_WORKERS, FindingFacts, NotaFacts, VisitFacts
from compliance.companies.circumstances.commands import CircumstanceFacts
from compliance.companies.rules import CompanyFacts, with_former_names
from compliance.core.keyset import LARGEST_ID

# Control characters are refused: PostgreSQL cannot keep all of them, and no office means any of them.
Line = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]*$", max_length=200)]
"""A text of one line."""
Prose = Annotated[str, Field(pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$", max_length=5000)]
"""A text that may have several lines."""
Number = Line
"""A NIB, NPWP or NPP as people write it: with any punctuation, alone or inside words or a link."""
Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Count = Annotated[int, Field(ge=0, le=MOST_WORKERS)]
Scale = Literal["micro", "small", "medium", "large"]
Programme = Literal["JKK", "JKM", "JHT", "JP", "JKP"]
Status = Literal["in_remedy", "recheck_due", "unresolved", "resolved", "withdrawn"]
Outcome = Literal["complied", "partly_complied", "not_complied", "not_met"]
Service = Literal["business", "tender", "foreign_workers", "worker_supply", "building"]
NotMetReason = Literal["closed", "moved", "refused", "other"]
AS_TEXT, AS_FIELDS = "~text", "~fields"
"""Two forms of one field. Where a refusal names the field, it leaves out what begins with "~"."""
_MONTH = r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])"
Decision = Literal["postponed", "issued", "issued_despite_hold", "refused", "unrelated"]


class Body(BaseModel):
    """The ground of every body: exact types, no unknown fields, no spaces around texts."""

    model_config = ConfigDict(strict=True, extra="forbid", str_strip_whitespace=True, frozen=True)


class NewCompany(Body):
    """An employer to register."""

    name: Annotated[Line, Field(min_length=1)]
    region_code: Line = Field(
        description="Code of a regency or city: two digits, a dot, two digits"
    )
    district_code: Line | None = Field(None, description="A district there: its code or its name")
    nib: Number | None = Field(None, description="13 digits")
    npwp: Number | None = Field(None, description="15 or 16 digits, or the 22 of an NITKU")
    npp: Number | None = Field(None, description="8 to 20 letters and digits")
    kbli: Line | None = Field(None, description="5 digits")
    scale: Scale | None = None
    address: Annotated[Prose, Field(max_length=500)] | None = None
    phone: Annotated[Line, Field(max_length=60)] | None = None
    email: Annotated[Line, Field(max_length=254)] | None = None
    workers_total: Annotated[int, Field(ge=0, le=10_000_000)] | None = None
    aliases: list[Line] = Field([], max_length=50)

    def facts(self) -> CompanyFacts:
        typed = self.model_dump(exclude={"aliases"})
        return with_former_names(CompanyFacts(**typed, aliases=tuple(self.aliases)))


class NewCircumstance(Body):
    """An employer closed, went bankrupt or moved."""

    kind: Literal["closed", "bankrupt", "moved"]
    since_on: date
    proof: Annotated[Prose, Field(min_length=1, max_length=500)] = Field(
        description="What was shown; of a bankruptcy the number of the court's decision"
    )
    region_code: Line | None = Field(
        None, description="Of a move: the new regency or city; left out when it left the province"
    )
    address: Annotated[Prose, Field(max_length=500)] | None = Field(
        None, description="Of a move: the new address"
    )
    curator: Line | None = Field(None, description="Of a bankruptcy: the curator")

    def facts(self) -> CircumstanceFacts:
        return CircumstanceFacts(**self.model_dump())


class NewRevocation(Body):
    """Why a closure, bankruptcy or move does not hold."""

    reason: Annotated[Prose, Field(min_length=1, max_length=500)]


class NewFinding(Body):
    """One violation found."""

    violation: Line = Field(description="A code of the catalogue, e.g. JS-02")
    workers_affected: Count | None = None
    note: Prose | None = None
    deadline_days: Annotated[int, Field(ge=1, le=365)] | None = None
    programmes: list[Programme] = Field([], max_length=5)

    def facts(self) -> FindingFacts:
        programmes = tuple(dict.fromkeys(self.programmes))
        return FindingFacts(
            **{**self.model_dump(), "note": self.note or None, "programmes": programmes}
        )


class NewCase(Body):
    """A nota to issue."""

    company_id: Id
    inspected_on: date
    issued_on: date
    workers_total: Annotated[int, Field(ge=1, le=MOST_WORKERS)]
    workers_registered: Count
    nota_number: Annotated[Line, Field(max_length=60)] | None = Field(
        None, description="Given by hand"
    )
    note: Prose | None = None
    findings: list[NewFinding] = Field(min_length=1, max_length=100)

    def facts(self) -> NotaFacts:
        stated = self.model_dump(exclude={"company_id", "findings", "note"})
        findings = [finding.facts() for finding in self.findings]
        return NotaFacts(**stated, note=self.note or None, findings=findings)


class NewReceipt(Body):
    """Who received the nota, and when."""

    received_on: date
    received_by: Annotated[Line, Field(min_length=1)]
    kind: Literal["I", "II"] = Field("I", description="Which nota")


class NewApproval(Body):
    """What becomes of a nota that waits: a supervisor approves it or sends it back with a `reason`, its
    inspector takes it back."""

    decision: Literal["approve", "send_back", "take_back"] = "approve"
    reason: Prose | None = None


class NewSecondNota(Body):
    """Nota II, when the time of Nota I is over and something is open."""

    issued_on: date
    days: Annotated[int, Field(ge=1, le=365)] | None = Field(
        None, description="Its time, counted from its receipt; none: as the office says"
    )
    number: Annotated[Line, Field(max_length=60)] | None = Field(None, description="Given by hand")


def _month(typed: str) -> str:
    if not re.fullmatch(_MONTH, typed):
        raise PydanticCustomError("month_parsing", "YYYY-MM")
    return typed


class NewProof(Body):
    """Proof of membership: a certificate and a contribution that was paid, looked up at BPJS.

    Micro and small employers owe fewer programmes; all owe JKK and JKM.
    """

    npp: Annotated[Number, Field(min_length=1)]
    month: Annotated[
        str, AfterValidator(_month), Field(json_schema_extra={"pattern": f"^{_MONTH}$"})
    ] = Field(description="Of the last contribution paid, YYYY-MM")
    programmes: list[Programme] = Field(min_length=1, max_length=5)
    workers: Annotated[int, Field(ge=1, le=MOST_WORKERS)] = Field(description="How many it covers")
    checked_on: date
    checked_by: Annotated[Line, Field(min_length=1)] = Field(
        description="Who looked it up at BPJS: name and position"
    )
    certificate: Annotated[Line, Field(max_length=LONGEST_CERTIFICATE)] | None = Field(
        None, description="The number of the certificate of membership"
    )
    certificate_on: date | None = None
    evidence: list[Id] = Field(
        [], max_length=MOST_FILES, description="Ids of evidence of the same case that shows it"
    )
    note: Annotated[Prose, Field(max_length=2000)] | None = None

    def facts(self) -> ProofFacts:
        year, month = self.month.split("-")
        return ProofFacts(**{**self.model_dump(), "month": date(int(year), int(month), 1)})


def _kind_of_proof(sent: Any) -> str:
    return AS_FIELDS if isinstance(sent, dict | NewProof) else AS_TEXT


Proof = Annotated[
    Annotated[Annotated[Prose, Field(min_length=1, max_length=2000)], Tag(AS_TEXT)]
    | Annotated[NewProof, Tag(AS_FIELDS)],
    Discriminator(_kind_of_proof),
]
"""What proves compliance: fields (better), or a sentence."""


def _facts_of(proof: str | NewProof | None) -> str | ProofFacts | None:
    return proof.facts() if isinstance(proof, NewProof) else proof


class NewVisit(Body):
    """A visit made for the recheck."""

    visited_on: date
    outcome: Outcome
    workers_total: Count | None = Field(
        None, description="All workers of today; there may be more than the nota counted"
    )
    workers_registered: Count | None = Field(None, description="Needed when the company complied")
    fixed: list[Id] | None = Field(
        None,
        max_length=100,
        description="Ids of findings found fixed; left out when the company complied: all, which the"
        " history then says",
    )
    new_findings: list[Line] = Field(
        [],
        max_length=100,
        description="Codes of violations seen for the first time; they become a draft nota of their own",
    )
    not_met_reason: NotMetReason | None = None
    proof: Proof | None = Field(
        None,
        description="What was seen: proof of membership as fields, or a sentence. Needed when the company"
        " complied and a hold is to be lifted",
    )
    next_visit_on: date | None = Field(
        None, description="For a case that stays unresolved; left out: by the office's setting"
    )
    note: Prose | None = None

    def facts(self) -> VisitFacts:
        stated = self.model_dump(exclude={"note", "proof"})
        return VisitFacts(**stated, note=self.note or None, proof=_facts_of(self.proof))


class NewExtension(Body):
    """More time, once."""

    until: date
    reason: Annotated[Prose, Field(min_length=1, max_length=2000)]


class NewWithdrawal(Body):
    """Why the nota is taken back."""

    reason: Annotated[Prose, Field(min_length=1, max_length=2000)]


class NewAcknowledgement(Body):
    """The office has read the flag."""

    answer: Literal["used", "not_ours", "no_request"] | None = Field(
        None, description="What it makes of it; it may also be given later, once"
    )
    note: Annotated[Prose, Field(max_length=2000)] | None = None


class NewLift(Body):
    """Why a flag is lifted, and on what proof; a sanction only by BPJS's own letter."""

    reason: Annotated[Prose, Field(min_length=1, max_length=2000)]
    proof: Proof | None = Field(
        None,
        description="Proof of membership as fields, or a sentence; only a sanction is lifted without",
    )
    letter_number: Annotated[Line, Field(max_length=100)] | None = Field(
        None, description="Needed to lift a sanction: the letter by which BPJS withdraws it"
    )
    letter_on: date | None = Field(None, description="The day of that letter")
    received_on: date | None = Field(None, description="When that letter came")

    @property
    def proven_by(self) -> str | ProofFacts | None:
        return _facts_of(self.proof)


class NewSanction(Body):
    """A TMP2T that BPJS asks for by letter, about a company without an open case."""

    letter_number: Annotated[Line, Field(min_length=1, max_length=100)]
    letter_on: date
    received_on: date | None = Field(None, description="When the letter came")
    services: list[Service] = Field(min_length=1, max_length=5)


class Question(Body):
    """A counter's question: exactly one of nib, npwp and npp."""

    nib: Number | None = None
    npwp: Number | None = None
    npp: Number | None = None
    application: Annotated[Line, Field(max_length=100)] | None = Field(
        None, description="The permit application's number"
    )
    permit_kind: Annotated[Line, Field(max_length=100)] | None = Field(
        None, description="What is applied for; a kind that the office keeps gives `decide_by`"
    )


class Questions(Body):
    """Many questions at once; of each number it is found out what it is."""

    numbers: list[Line] = Field(min_length=1, max_length=100)


class NewDecision(Body):
    """What was decided on the application."""

    application: Annotated[Line, Field(min_length=1, max_length=100)]
    decision: Decision
    note: Annotated[Prose, Field(max_length=2000)] | None = Field(
        None, description="Needed to refuse, or to issue despite a hold"
    )


class Query(BaseModel):
    """The ground of every query: texts from an address, no unknown names."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


class Listed(Query):
    """How much of a list, from where."""

    limit: int = Field(50, ge=1, le=200)
    cursor: Line | None = Field(None, description="`next` of the page before")


class CompaniesListed(Listed):
    """Companies by part of any name or any number, or by one kind of number. All conditions must hold."""

    q: Annotated[Line, Field(min_length=3)] | None = None
    nib: Number | None = None
    npwp: Number | None = None
    npp: Number | None = None


class CasesListed(Listed):
    """Cases by where they stand, where they lie and whose they are."""

    status: Status | None = None
    overdue: Literal["true", "false"] | None = None
    region: Line | None = Field(None, description="Code of a regency, or of the province")
    inspector: Annotated[Line, Field(max_length=254)] | None = Field(
        None, description="An id or an e-mail address"
    )


class FlagsListed(Listed):
    """Flags that stand or stood, and those one licensing office answers for."""

    active: Literal["true", "false"] | None = None
    office: Line | None = Field(
        None, description="An office code: ptsp- and the code of its region"
    )


class Sent(BaseModel):
    """The ground of every set of headers: names of their own, for the description only."""

    accept_language: Literal["id", "en"] | None = Field(
        None, alias="Accept-Language", description="Sentences' language"
    )


class SentWithPost(Sent):
    idempotency_key: str | None = Field(
        None,
        alias="Idempotency-Key",
        pattern=r"^[!-~]([ -~]{0,253}[!-~])?$",
        description="The same key, the same act",
    )


class SentWithRead(Sent):
    if_none_match: str | None = Field(
        None, alias="If-None-Match", pattern=r'^"[0-9]{1,9}"$', description="A known ETag"
    )


class SentWithChange(SentWithPost):
    if_match: str | None = Field(
        None,
        alias="If-Match",
        pattern=r'^"[0-9]{1,9}"$',
        description="The ETag of what the change was decided on",
    )
