"""What the API answers about a company that closed, went bankrupt or moved."""

from __future__ import annotations

from datetime import datetime

from compliance.api.schemas.responses import CircumstanceInForce


class CircumstanceGiven(CircumstanceInForce):
    """One that was recorded, with its proof, and who revoked it if somebody did."""

    id: int
    company_id: int
    proof: str
    address: str | None
    curator: str | None
    recorded_at: datetime
    recorded_by: str
    revoked_at: datetime | None
    revoked_by: str | None
    revoke_reason: str | None
