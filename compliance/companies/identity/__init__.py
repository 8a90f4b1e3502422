"""The numbers that a company bears: the one reader of what was typed as a number.

Page, API, command, search, import and form read numbers with `read_number`: all understand and refuse the
same. Refuses only what cannot be a number at all. What is merely unlikely is a doubt, because informal
employers and typing errors in official papers are both real; a filler is nobody's number. Knows neither Flask
nor the database.
"""

from compliance.companies.identity.doubts import (
    ROUNDED_NIK,
    doubts,
    is_weak,
    may_be_rounded,
    numbers_one_slip_from,
    one_slip_apart,
)
from compliance.companies.identity.fillers import is_filler
from compliance.companies.identity.kinds import (
    NUMBERS,
    SHOWN,
    Number,
    NumberKind,
    npwp_core,
    shown_nib,
    shown_npwp,
)
from compliance.companies.identity.reading import (
    NO_NUMBER,
    NORMALISERS,
    Reading,
    nib,
    npp,
    npwp,
    numbers_in,
    read_number,
    remarks_on,
)
from compliance.companies.identity.typed import BadNumber, has_words

__all__ = [
    "NORMALISERS",
    "NO_NUMBER",
    "NUMBERS",
    "ROUNDED_NIK",
    "SHOWN",
    "BadNumber",
    "Number",
    "NumberKind",
    "Reading",
    "doubts",
    "has_words",
    "is_filler",
    "is_weak",
    "may_be_rounded",
    "nib",
    "npp",
    "npwp",
    "npwp_core",
    "numbers_in",
    "numbers_one_slip_from",
    "one_slip_apart",
    "read_number",
    "remarks_on",
    "shown_nib",
    "shown_npwp",
]
