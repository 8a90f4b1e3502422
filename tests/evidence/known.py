"""What the tests of evidence share: a file that is added without a page, and what there is then."""

from __future__ import annotations

from typing import Any

from compliance.cases.evidence.queries import about_case
from compliance.cases.models import Case
from compliance.core.db import db, transaction
from compliance.evidence.commands import add_evidence
from compliance.evidence.models import Evidence
from compliance.files.commands import keep_bytes
from compliance.files.examining import examine
from tests.factories import user
from tests.files.pictures import pdf


def add(case_id: int, content: bytes | None = None, *, by: str = "ina", **facts: Any) -> int:
    """Evidence about a case, or about what `kind` and `id` name; its id."""
    examined = examine(pdf() if content is None else content)
    kept = keep_bytes(examined.content, kind=examined.kind)
    kind, id = facts.pop("kind", "case"), facts.pop("id", case_id)
    with transaction():
        about = about_case(db.session.get_one(Case, case_id), kind, id)
        facts.setdefault("name", "a.pdf")
        return add_evidence(about, by=user(by), examined=examined, kept=kept, **facts).id


def all_evidence() -> list[Evidence]:
    """Everything that is stored, oldest first."""
    db.session.rollback()
    return db.session.query(Evidence).order_by(Evidence.id).all()
