"""What evidence is about. The rooms that own cases, visits or letters say who may see each of them.

A kind of subject is a row of `SUBJECT_KINDS` (compliance/slots.py): evidence itself asks nobody's table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from compliance.core.errors import NotFound
from compliance.core.slots import Slot
from compliance.core.text import Text
from compliance.policy import Actor


@dataclass(frozen=True)
class EvidenceSubject:
    """One thing that evidence is about, for somebody who may see it.

    `case` is the row that its events belong to, locked when it was loaded to be written about; `owner_id` and
    `region_code` say whose it is and where it lies, as the policy asks; `page` is the address that shows it.
    What belongs to no case names the company of its events.
    """

    kind: str
    id: int
    case: Any
    owner_id: int | None
    region_code: str
    page: str
    company_id: int | None = None


@dataclass(frozen=True)
class SubjectKind:
    """How a room loads one of its things for an action. `load` raises NotFound when it is out of scope.

    `ids` selects the ids of those that belong to a case, and `names` says what they are called.
    """

    name: str
    load: Callable[[Actor, int, str, bool], EvidenceSubject]
    ids: Callable[[Any], sa.Select[Any]]
    names: Callable[[Any], Mapping[int, Text]]


SUBJECT_KINDS: Slot[SubjectKind] = Slot()


def subjects_of(case: Any) -> dict[str, Text]:
    """What evidence of a case can be about, as `kind:id`, and what it is called."""
    return {
        f"{kind.name}:{id}": name for kind in SUBJECT_KINDS for id, name in kind.names(case).items()
    }


def belongs_to(case: Any, about: str) -> tuple[str, int] | None:
    """The kind and id that `about` names, when that thing belongs to the case."""
    name, _, id = about.partition(":")
    for kind in SUBJECT_KINDS:
        if kind.name == name:
            return next(((name, own) for own in kind.names(case) if str(own) == id), None)
    return None


def load_subject(
    by: Actor, kind: str, id: int, *, action: str, for_update: bool = False
) -> EvidenceSubject:
    """The thing that evidence is, or will be, about. Raises NotFound."""
    for known in SUBJECT_KINDS:
        if known.name == kind:
            return known.load(by, id, action, for_update)
    raise NotFound()
