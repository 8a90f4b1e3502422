"""The violation catalogue: what an inspector can find, on what law, and what the employer must then do.

Pure reference data, one module per norm group; it seeds the editable violation table and is changed by
adding dated entries. Refuses to know companies, cases or the database.
"""

from __future__ import annotations

from datetime import date

from compliance.cases.catalogue import (
    child_labour,
    company_rules,
    employment,
    foreign_workers,
    osh,
    social_security,
    wages,
    wlkp,
    working_time,
)
from compliance.cases.catalogue.entry import (
    NEW_CRIMINAL_CODE_FROM,
    NORM_GROUPS,
    BpjsCategory,
    CatalogueEntry,
    Sanction,
)

__all__ = [
    "CATALOGUE",
    "NEW_CRIMINAL_CODE_FROM",
    "NORM_GROUPS",
    "BpjsCategory",
    "CatalogueEntry",
    "Sanction",
    "catalogue_on",
    "entry_for",
]

CATALOGUE: tuple[CatalogueEntry, ...] = (
    *social_security.ENTRIES,
    *wlkp.ENTRIES,
    *wages.ENTRIES,
    *working_time.ENTRIES,
    *employment.ENTRIES,
    *company_rules.ENTRIES,
    *foreign_workers.ENTRIES,
    *osh.ENTRIES,
    *child_labour.ENTRIES,
)
"""Every entry of every day. A code comes twice when its penalty changed; never twice on one day."""


def catalogue_on(day: date) -> tuple[CatalogueEntry, ...]:
    """The entries in force on `day`, in pick-list order."""
    return tuple(entry for entry in CATALOGUE if entry.in_force_on(day))


def entry_for(code: str, *, on: date) -> CatalogueEntry | None:
    """The entry with this code in force on the day, or None: a nota uses its day of issue."""
    return next(
        (entry for entry in CATALOGUE if entry.code == code and entry.in_force_on(on)), None
    )
