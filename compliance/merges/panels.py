"""What merges show on a company's page, and what rooms above say of all that moves along with a company."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import defer, joinedload

from compliance.companies.models import Company
from compliance.core.slots import Slot
from compliance.core.text import Text
from compliance.merges.models import Merge
from compliance.policy import Actor

MERGE_FOLLOWS: Slot[Callable[[Sequence[int]], Mapping[int, Sequence[Text]]]] = Slot()
"""What would move along when a company becomes part of another: sentences by company id, in one read each."""

WITH_MERGES = joinedload(Company.__mapper__.attrs["merges"].class_attribute).options(
    defer(Merge.moved), joinedload(Merge.gone), joinedload(Merge.by)
)
"""For `load_company`: all that `merged_records` shows, in the same read."""


def merged_records(company: Company, by: Actor) -> Mapping[str, Any]:
    """For a company's page: the records that became part of it; nothing when there are none."""
    merges: Sequence[Merge] = company.merges  # type: ignore[attr-defined]
    return {"template": "merges/panel.html", "merges": merges} if merges else {}


def following(ids: Sequence[int]) -> dict[int, list[Text]]:
    """Sentences that say what would move along with these companies, by company id."""
    sentences: dict[int, list[Text]] = defaultdict(list)
    for room in MERGE_FOLLOWS:
        for id, of_company in room(ids).items():
            sentences[id].extend(of_company)
    return sentences
