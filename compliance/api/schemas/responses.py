"""What the API answers: one schema per thing, from which the OpenAPI description is made.

Refuses to tell a licensing office what is not for it: a case in its reduced form is a schema of its own.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

from compliance.api.schemas.requests import Decision, Outcome, Status
from compliance.core.text import Text, from_json
from compliance.web.formatting import written

Level = Literal["warning", "hold", "sanction"]
Verdict = Literal["hold", "caution", "clear", "unknown"]
Suggestion = Annotated[
    str | None, Field(description="The number that may have been meant; confirm it first")
]


def plain(fact: Any) -> Any:
    """A recorded fact as plain JSON: sentences in the reader's words, days and instants as ISO 8601."""
    if isinstance(fact, list):
        return [plain(part) for part in fact]
    read = from_json(fact)
    if isinstance(read, Text):
        return written(read)
    if isinstance(read, date):
        return read.isoformat().replace("+00:00", "Z")
    if isinstance(read, dict):
        return {name: plain(part) for name, part in read.items()}
    return read


class ResponseBody(BaseModel):
    """The ground of every answer."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class FieldProblem(ResponseBody):
    field: str
    message: str
    code: Annotated[
        str | None, Field(description="Of a number: filler_number, confirm_number, mistyped_number")
    ] = None
    suggestion: Suggestion = None


class Problem(ResponseBody):
    """RFC 9457 problem details."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str | None = None
    errors: list[FieldProblem] = []
    candidates: list[dict[str, Any]] = Field(
        [], description="Whose it is already, or which it may be"
    )


class CompanyInBrief(ResponseBody):
    id: int
    name: str
    region_code: str
    nib: str | None
    npwp: str | None
    npp: str | None


class Company(CompanyInBrief):
    kbli: str | None
    scale: str | None
    address: str | None
    phone: str | None
    email: str | None
    workers_total: int | None
    aliases: list[str]
    former_names: list[str]
    created_at: datetime
    warnings: list[str] = Field(description="Why it deserves a second look")


class CompanyList(ResponseBody):
    items: list[Company]
    next: str | None


class Person(ResponseBody):
    id: int
    name: str
    email: str
    phone: str | None


class NotaDates(ResponseBody):
    kind: str
    number: str
    company_name: str
    inspected_on: date
    issued_on: date
    conveyed_on: date | None
    received_on: date | None


class Nota(NotaDates):
    received_by: str | None


class RecheckDates(ResponseBody):
    due_on: date
    effective_on: date = Field(description="The first working day not before due_on")


class Recheck(RecheckDates):
    why: list[str]


class Finding(ResponseBody):
    id: int
    violation: str
    norm_group: str
    title: str
    legal_basis: str
    programmes: list[str]
    workers_affected: int | None
    note: str | None
    deadline_days: int
    deadline_on: date | None
    fixed_on: date | None


class Visit(ResponseBody):
    id: int
    visited_on: date
    outcome: Outcome
    workers_registered: int | None
    note: str | None
    by: str
    recorded_at: datetime


class CaseForLicensing(ResponseBody):
    """A case as a licensing office may read it: kinds of obligation instead of findings, no notes,
    no visits.
    """

    id: int
    number: str
    status: Status
    company_id: int
    region_code: str
    workers_total: int
    workers_registered: int
    inspector: Person
    nota: NotaDates
    recheck: RecheckDates
    unresolved_on: date | None
    resolved_on: date | None
    withdrawn_on: date | None
    version: int
    obligations: list[Literal["membership", "other"]] = Field(
        description="membership: employment social security; which other norm it was is not told"
    )


class Case(ResponseBody):
    id: int
    number: str
    status: Status
    company_id: int
    region_code: str
    workers_total: int
    workers_registered: int
    inspector: Person
    nota: Nota
    note: str | None
    recheck: Recheck
    findings: list[Finding]
    visits: list[Visit]
    extended_on: date | None
    unresolved_on: date | None
    resolved_on: date | None
    withdrawn_on: date | None
    created_at: datetime
    updated_at: datetime
    version: int


class CaseAsRead(RootModel[Case | CaseForLicensing]):
    """A case, in full or as a licensing office may read it."""


class CaseList(ResponseBody):
    items: list[Case | CaseForLicensing]
    next: str | None


class Moved(ResponseBody):
    model_config = ConfigDict(serialize_by_alias=True)

    what: Literal["recheck"]
    before: date = Field(alias="from")
    to: date


class CaseReceived(Case):
    moved: list[Moved] = Field(description="Which days the receipt moved")


class Event(ResponseBody):
    id: int
    kind: str
    at: datetime
    by: str
    reason: str | None
    data: dict[str, Any]


class EventList(ResponseBody):
    items: list[Event]
    next: str | None


class Acknowledgement(ResponseBody):
    office: str
    by: str
    at: datetime
    note: str | None


class Flag(ResponseBody):
    id: int
    level: Level
    active: bool
    company: CompanyInBrief
    case_id: int
    case_number: str
    reason: str
    since_on: date
    review_on: date | None
    letter_number: str | None
    letter_on: date | None
    raised_at: datetime
    raised_by: str
    lifted_at: datetime | None
    lifted_by: str | None
    lift_reason: str | None
    lift_proof: str | None
    acknowledgements: list[Acknowledgement]


class FlagList(ResponseBody):
    items: list[Flag]
    next: str | None


class CheckedCompany(CompanyInBrief):
    region: str
    former_names: list[str]


class CheckedCase(ResponseBody):
    number: str
    nota_number: str
    issued_on: date
    status: str
    due_on: date
    effective_on: date
    workers_total: int
    workers_registered: int
    obligations: list[str]
    inspector: str
    inspector_phone: str | None


class CheckedFlag(ResponseBody):
    level: Level
    since_on: date
    letter_number: str | None
    letter_on: date | None
    case_number: str


class Contact(ResponseBody):
    name: str
    reached_by: str


class DecisionMade(ResponseBody):
    application: str | None
    decision: Decision
    note: str | None
    decided_at: datetime


class Check(ResponseBody):
    """What was asked at a counter, what was answered, and what was decided on it since."""

    receipt: str
    asked: str
    application: str | None
    verdict: Verdict
    word: str
    reasons: list[str]
    advice: list[str] = Field(
        description="What the officer may do now; the decision is the office's own"
    )
    company: CheckedCompany | None
    cases: list[CheckedCase]
    flags: list[CheckedFlag]
    cleared_by: list[str] = Field(description="What the company brings to have everything cleared")
    services: list[str] = Field(
        description=(
            "The permits touched (PP 86/2013 art. 8 and 9); none when the record by itself"
            " withholds nothing"
        )
    )
    legal_basis: str | None = Field(description="The asking office's own")
    office: str | None
    contact: Contact
    decide_by: date | None = Field(
        None,
        description=(
            "For an application complete on the day of the check; after it, silence counts as"
            " granted"
        ),
    )
    verification_code: str = Field(description="Proves the receipt genuine at /verify")
    checked_at: datetime
    decided: DecisionMade | None


class BatchItem(ResponseBody):
    """One number's answer; without a receipt when several companies bear it or it is no number at all."""

    asked: str
    receipt: str | None = None
    verdict: Verdict | None = None
    word: str | None = None
    reasons: list[str] = []
    company: CheckedCompany | None = None
    checked_at: datetime | None = None
    candidates: list[CompanyInBrief] = []
    error: str | None = None
    code: Annotated[
        str | None,
        Field(
            description="Why there is no verdict: no_number, filler_number, confirm_number, mistyped_number, "
            "several_companies"
        ),
    ] = None
    suggestion: Suggestion = None


class Batch(ResponseBody):
    items: list[BatchItem]
