"""What the API answers: one schema per thing, from which the OpenAPI description is made.

Refuses to tell a licensing office what is not for it: a case in its reduced form is a schema of its own.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, RootModel

from compliance.api.schemas.notas import Nota, NotaDates, ResponseBody, SecondNota, Waiting
from compliance.api.schemas.proofs import BpjsLetterGiven, ProofGiven
from compliance.api.schemas.requests import Decision, NotMetReason, Outcome, Status

Level = Literal["warning", "hold", "sanction"]
Verdict = Literal["hold", "caution", "clear", "unknown"]
Conclusion = Literal["may_issue", "decide_in_writing", "withhold", "unknown"]
Suggestion = Annotated[
    str | None, Field(description="The number that may have been meant; confirm it first")
]


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


class CircumstanceInForce(ResponseBody):
    kind: Literal["closed", "bankrupt", "moved"]
    since_on: date
    region_code: str | None = Field(description="Of a move within the province: the new region")


class Company(CompanyInBrief):
    district_code: str | None
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
    circumstance: CircumstanceInForce | None = Field(
        None, description="That it closed, went bankrupt or moved; its cases and flags go on"
    )


class CompanyList(ResponseBody):
    items: list[Company]
    next: str | None


class Person(ResponseBody):
    id: int
    name: str
    email: str
    phone: str | None


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
    workers_total: int | None = None
    workers_registered: int | None
    not_met_reason: NotMetReason | None = None
    proof: str | None = None
    membership_proof: ProofGiven | None = None
    note: str | None
    by: str
    recorded_at: datetime
    undone_at: datetime | None = Field(None, description="Taken back within ten minutes")


class CaseForLicensing(ResponseBody):
    """A case as a licensing office may read it: kinds of obligation instead of findings, no notes,
    no visits.
    """

    id: int
    number: str
    status: Status
    company_id: int
    region_code: str
    workers_total: int | None = Field(description="null: an old nota that counted nobody")
    workers_registered: int | None
    inspector: Person
    nota: NotaDates
    recheck: RecheckDates
    unresolved_on: date | None
    resolved_on: date | None
    withdrawn_on: date | None
    disputed_since: date | None = None
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
    workers_total: int | None = Field(description="null: an old nota that counted nobody")
    workers_registered: int | None
    inspector: Person
    nota: Nota
    second_nota: SecondNota | None = None
    waiting: Waiting | None = Field(None, description="While Nota II waits for approval")
    note: str | None
    recheck: Recheck
    findings: list[Finding]
    visits: list[Visit]
    extended_on: date | None
    unresolved_on: date | None
    next_visit_on: date | None = None
    resolved_on: date | None
    withdrawn_on: date | None
    disputed_since: date | None = Field(
        None, description="Since when an objection, appeal or lawsuit is open"
    )
    created_at: datetime
    updated_at: datetime
    version: int


class CaseWaiting(ResponseBody):
    """A case whose Nota I waits for approval, without a number, and no clock runs; `waiting` is null when it
    was just sent back or taken back.
    """

    id: int
    number: None = None
    status: Literal["draft"]
    company_id: int
    region_code: str
    inspector: Person
    waiting: Waiting | None
    version: int


class CaseAsRead(RootModel[Case | CaseForLicensing | CaseWaiting]):
    """A case, in full or as a licensing office may read it; or while its Nota I waits for approval."""


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
    channel: str | None = Field(
        description="web, api, console, job or import; null for what was done before it was recorded"
    )
    token: str | None = Field(
        description="the name of the token that was shown, for what came by the API"
    )
    reason: str | None
    data: dict[str, Any]


class EventList(ResponseBody):
    items: list[Event]
    next: str | None


class Acknowledgement(ResponseBody):
    office: str
    by: str
    at: datetime
    answer: str | None = None
    note: str | None


class Flag(ResponseBody):
    id: int
    level: Level
    active: bool
    company: CompanyInBrief
    case_id: int | None = Field(description="null for a sanction about a company without a case")
    case_number: str | None
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
    membership_proof: ProofGiven | None = None
    lift_letter_number: str | None
    lift_letter_on: date | None
    bpjs_letters: list[BpjsLetterGiven] = Field(
        [], description="Those that are filed; a licensing office reads number and day only"
    )
    services: list[str] = Field(description="What the letter of a sanction asks to withhold")
    acknowledgements: list[Acknowledgement]


class FlagList(ResponseBody):
    items: list[Flag]
    next: str | None


class CheckedCompany(CompanyInBrief):
    region: str
    former_names: list[str]


class CheckedCase(ResponseBody):
    number: str
    nota_number: str | None
    issued_on: date
    status: str
    due_on: date
    effective_on: date
    workers_total: int | None = Field(description="null: an old nota that counted nobody")
    workers_registered: int | None
    obligations: list[str]
    disputed_since: date | None = None
    inspector: str
    inspector_phone: str | None


class CheckedFlag(ResponseBody):
    level: Level
    since_on: date
    letter_number: str | None
    letter_on: date | None
    case_number: str | None


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
            "For an application complete on the day of the check; null where nobody knows the time"
            " that the permit's own rule sets (name a `permit_kind` that your office keeps)"
        ),
    )
    time_to_decide: str | None = Field(None, description="The same in words, with its condition")
    permit_kind: str | None = None
    level: Level | None = Field(None, description="Of the gravest flag that stands")
    answer: Conclusion | None = Field(
        None,
        description=(
            "To the officer's question: `withhold` is a TMP2T, `decide_in_writing` a record, which is"
            " no sanction; null in answers of before it was told"
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
    level: Level | None = None
    answer: Conclusion | None = None
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
