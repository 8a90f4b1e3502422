"""The ground of every answer, and what the API tells of notas."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class ResponseBody(BaseModel):
    """The ground of every answer."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class Waiting(ResponseBody):
    """A nota that waits for the approval of a supervisor: nothing of it has begun."""

    kind: Literal["I", "II"]
    since: datetime
    by: str


class NotaDates(ResponseBody):
    kind: str
    number: str | None = Field(
        description="Null until it is recorded, where the office numbers by hand"
    )
    company_name: str
    inspected_on: date
    issued_on: date
    conveyed_on: date | None
    received_on: date | None


class Nota(NotaDates):
    received_by: str | None


class SecondNota(ResponseBody):
    """Nota II, the last warning: it repeats no findings and has a time of its own."""

    number: str | None
    issued_on: date
    received_on: date | None
    received_by: str | None
    deadline_days: int = Field(description="Its time, counted from its receipt")
    deadline_day_type: Literal["calendar", "working"]
    deadline_on: date | None = Field(description="The last day; null before the receipt")
