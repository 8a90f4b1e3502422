"""What the API answers about a proof of membership, and about the letters of BPJS that were filed."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from compliance.cases.proofs.models import MembershipProof
from compliance.cases.proofs.rules import ProofFacts


class ProofGiven(BaseModel):
    """Proof of membership as it was accepted."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    npp: str
    month: Annotated[str, Field(description="YYYY-MM")]
    programmes: list[str]
    workers: int
    checked_on: date
    checked_by: str
    certificate: str | None
    certificate_on: date | None
    evidence: list[int]
    note: str | None


class BpjsLetterGiven(BaseModel):
    """A letter of BPJS about a sanction. Its number and its day are those of the flag."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    kind: Literal["request", "lifting"]
    received_on: date | None
    evidence: Annotated[int | None, Field(description="The id of its scan, once it is filed")]


def proof_given(proof: MembershipProof | None) -> ProofGiven | None:
    """A proof as the API gives it."""
    if proof is None:
        return None
    stated = {name: getattr(proof, name) for name in ProofFacts.__dataclass_fields__}
    return ProofGiven.model_validate({**stated, "month": f"{proof.month:%Y-%m}"})
