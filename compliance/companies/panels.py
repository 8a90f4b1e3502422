"""What rooms above may add to the pages of companies, which know none of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.interfaces import ORMOption

from compliance.companies.circumstances.rules import CIRCUMSTANCES
from compliance.companies.models import Company
from compliance.core.lists import FEWEST_ALIKE
from compliance.core.slots import Slot
from compliance.core.text import Text
from compliance.policy import Actor
from compliance.web.pages import PageLink

CompanyPanel = Callable[[Company, Actor], Mapping[str, Any] | None]
COMPANY_PANELS: Slot[CompanyPanel] = Slot()
"""Panels of a company's page. A panel answers {"template": its partial, …}, and the partial finds the answer
as `part`; None or {} shows nothing. `stands` in it says that something about the company is open. A panel
authorises what it shows and reads once or twice."""

COMPANY_LOADING: Slot[ORMOption] = Slot()
"""What the panels need of a company that comes in the same read as the company."""

COMPANY_ACTS: Slot[PageLink] = Slot()
"""Buttons on a company's page."""

COMPANY_LIST_LINKS: Slot[PageLink] = Slot()
"""Buttons above the list of companies."""

GOES_ON: Slot[Callable[[str, Company, Actor], str | None]] = Slot()
"""Where somebody goes on who registered a company on the way to another page, given that page's address: the
step after it, with the company chosen; None when it is no page of the room."""

OWN_COMPANIES: Slot[Callable[[Actor], sa.ColumnElement[bool]]] = Slot()
"""The conditions on companies that the asker has to do with them, such as a case of theirs."""


@dataclass(frozen=True)
class CompanyTag:
    """A word about a company in a list, in one of the colours of tags: hold, caution, clear, or none."""

    kind: str
    text: Text


COMPANY_TAGS: Slot[Callable[[Sequence[int], Actor], Mapping[int, CompanyTag]]] = Slot()
"""Tags by company id for the companies of a list, in one read."""


def tags_of(by: Actor, companies: Sequence[Company]) -> dict[int, list[CompanyTag]]:
    """All tags of the companies in a list, by company id."""
    ids = [company.id for company in companies]
    tags_by_id = defaultdict[int, list[CompanyTag]](list)
    for company in companies:
        if company.circumstance is not None:
            tags_by_id[company.id].append(CompanyTag("", CIRCUMSTANCES[company.circumstance]))
    for tags in COMPANY_TAGS:
        for id, tag in tags(ids, by).items():
            tags_by_id[id].append(tag)
    return tags_by_id


def tag_of_all(tags: Sequence[Sequence[CompanyTag]]) -> CompanyTag | None:
    """The tag that every company of a list bears: it tells none from another, and is said once."""
    if len(tags) < FEWEST_ALIKE:
        return None
    return next((tag for tag in tags[0] if all(tag in others for others in tags)), None)
