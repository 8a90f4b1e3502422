"""Forms with a file, which the API is sent, and what it answers about them."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from compliance.api.schemas.notas import ResponseBody
from compliance.api.schemas.requests import Body, Line, Query


def _read_about(typed: str) -> str:
    if not re.fullmatch(_ABOUT, typed):
        raise PydanticCustomError("about_parsing", "finding:ID")
    return typed


_ABOUT = r"(finding|visit|letter|flag):[1-9][0-9]{0,9}"
About = Annotated[
    str, AfterValidator(_read_about), Field(json_schema_extra={"pattern": f"^{_ABOUT}$"})
]
"""What evidence of a case is about, such as finding:12."""


class FileForm(BaseModel):
    """The ground of every form with a file, sent as multipart/form-data. `file` is its name here."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)

    file: Annotated[str, Field(max_length=1000, json_schema_extra={"format": "binary"})]


class NewEvidence(FileForm):
    """A photo (JPEG, PNG, HEIC) or a PDF, 15 MB at most, and what it is about."""

    about: About | None = Field(
        None, description="finding:ID, visit:ID, letter:ID or flag:ID; without it the whole case"
    )
    note: Annotated[Line, Field(max_length=500)] | None = None
    evidence_class: Literal["normal", "restricted"] = Field("normal", alias="class")
    original: bool = Field(
        True, description="False for a copy that was made smaller before it was sent"
    )


class NewBpjsLetter(FileForm):
    """A scan or PDF of a letter of BPJS about a sanction, 15 MB at most."""

    kind: Literal["request", "lifting"]
    received_on: date | None = Field(None, description="When the letter came")


class NewProofFile(FileForm):
    """A certificate of membership or the receipt of a contribution, 15 MB at most."""

    note: Annotated[Line, Field(max_length=500)] | None = None
    evidence_class: Literal["normal", "restricted"] = Field("normal", alias="class")


class NewPacket(Body):
    """A packet of evidence to be made: all of it, or what a licensing office may read."""

    kind: Literal["full", "licensing"]


class PacketQuery(Query):
    """Which packet of a case."""

    kind: Literal["full", "licensing"] | None = Field(
        None, description="Without it the one that was asked for last"
    )


class PacketAsked(ResponseBody):
    """A packet that is being made, or is ready; `Location` says where it will be."""

    id: int
    kind: Literal["full", "licensing"]
    state: Literal["waiting", "made"]


class Position(ResponseBody):
    """Where the device says it was, in degrees."""

    north: float
    east: float


class EvidenceAsKept(ResponseBody):
    """A photo or PDF about a case or a part of it. `taken_at` and `position` are the device's claims."""

    id: int
    about: Annotated[str, Field(description="case:ID, finding:ID, visit:ID, letter:ID or flag:ID")]
    name: str
    sha256: str
    kind: Annotated[str, Field(description="jpeg, png, heic or pdf")]
    size: Annotated[int, Field(description="Bytes")]
    also_about: Annotated[
        list[str],
        Field(description="What else in the case the same bytes are evidence about; stored once"),
    ]
    original: Annotated[
        bool, Field(description="False for a copy that was made smaller before it was sent")
    ]
    taken_at: Annotated[
        str | None, Field(description="ISO 8601, with a zone only where the device says one")
    ] = None
    position: Position | None = None
