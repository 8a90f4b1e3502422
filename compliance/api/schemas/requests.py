"""What the API is sent: one schema per body and per query, from which the OpenAPI description is made.

Refuses unknown fields, "1" where a number belongs, control characters, and numbers beyond all sense. What a
company or a nota may be is judged by the commands; here it is only read.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from compliance.cases.rules import MOST_WORKERS, FindingFacts, NotaFacts
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
Decision = Literal["postponed", "issued", "issued_despite_hold", "refused", "unrelated"]


class Body(BaseModel):
    """The ground of every body: exact types, no unknown fields, no spaces around texts."""

    model_config = ConfigDict(strict=True, extra="forbid", str_strip_whitespace=True, frozen=True)


class NewCompany(Body):
    """An employer to register."""

    name: Annotated[Line, Field(min_length=1)]
    region_code: Line = Field(description="Regency or city, e.g. 53.71 for Kota Kupang")
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


class NewVisit(Body):
    """A visit made for the recheck."""

    visited_on: date
    outcome: Outcome
    workers_registered: Count | None = Field(None, description="Needed when the company complied")
    fixed: list[Id] | None = Field(
        None,
        max_length=100,
        description="Ids of findings found fixed; left out when the company complied: all",
    )
    note: Prose | None = None


class NewExtension(Body):
    """More time, once."""

    until: date
    reason: Annotated[Prose, Field(min_length=1, max_length=2000)]


class NewWithdrawal(Body):
    """Why the nota is taken back."""

    reason: Annotated[Prose, Field(min_length=1, max_length=2000)]


class NewAcknowledgement(Body):
    """The office has read the flag."""

    note: Annotated[Prose, Field(max_length=2000)] | None = None


class NewLift(Body):
    """Why a flag is lifted, and on what proof."""

    reason: Annotated[Prose, Field(min_length=1, max_length=2000)]
    proof: Annotated[Prose, Field(min_length=1, max_length=2000)]


class Question(Body):
    """A counter's question: exactly one of nib, npwp and npp."""

    nib: Number | None = None
    npwp: Number | None = None
    npp: Number | None = None
    application: Annotated[Line, Field(max_length=100)] | None = Field(
        None, description="The permit application's number"
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
    region: Line | None = Field(None, description="53.71, or 53 for the whole province")
    inspector: Annotated[Line, Field(max_length=254)] | None = Field(
        None, description="An id or an e-mail address"
    )


class FlagsListed(Listed):
    """Flags that stand or stood, and those one licensing office answers for."""

    active: Literal["true", "false"] | None = None
    office: Line | None = Field(None, description="An office code, e.g. ptsp-53.71")


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
