"""A lively, fictitious province: invented people and companies, and sixteen months of their story.

Refuses a database that is not empty.
"""

from __future__ import annotations

import random

import sqlalchemy as sa

from compliance.admin.commands.setup import set_up
from compliance.cases.models import Case
from compliance.companies.models import Company
from compliance.core.channels import through
from compliance.core.db import db, transaction
from compliance.core.errors import Refusal
from compliance.core.text import say
from compliance.demo.names import ACCOUNTS, PASSWORD
from compliance.demo.story import Story
from compliance.people.models import User
from compliance.reference.provinces import Province

__all__ = ["ACCOUNTS", "PASSWORD", "NotEmpty", "fill", "is_filled"]


class NotEmpty(Refusal):
    """There is data already; the demo never mixes with it."""


def is_filled() -> bool:
    return db.session.scalar(sa.select(sa.func.count()).select_from(User)) != 0


def fill(province: Province | None = None) -> dict[str, int]:
    """Fill an empty database, as that of another province if one is given; answers what is there now. Takes
    some seconds.
    """
    if is_filled():
        raise NotEmpty(say("Basis data ini sudah berisi; demo hanya untuk basis data kosong."))
    if province is not None:
        with through("console"), transaction():
            set_up(province)
    story = Story(random.Random(53))
    with through("web"):  # as people do it, who have pages
        story.live()
    return {
        "companies": db.session.scalar(sa.select(sa.func.count()).select_from(Company)) or 0,
        "cases": db.session.scalar(sa.select(sa.func.count()).select_from(Case)) or 0,
    }
