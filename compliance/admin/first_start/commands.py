"""The verbs of the first start: enter the code, choose the province, name the offices, decide what they begin
with, add the first people. Strangers call them, so each refuses as soon as anybody works here.

They stand on the commands of `flask setup` and of the admin's pages; done twice they change nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from compliance.admin.commands.calendar import add_day, change_calendar
from compliance.admin.commands.rescheduling import preview
from compliance.admin.commands.setup import Newcomer, set_up
from compliance.admin.first_start.rules import is_code
from compliance.core.calendar import Holiday
from compliance.core.db import db, hold_table
from compliance.core.errors import Invalid, Refusal
from compliance.core.parsing import clean_line
from compliance.core.text import Text, say
from compliance.office.commands import OFFICE_FACTS, change_office, change_settings
from compliance.office.models import Setting
from compliance.office.queries import find_office
from compliance.office.settings import served_province
from compliance.people.commands.access import LONG_PAUSES, SHORT_PAUSES, reserve_tries
from compliance.people.commands.users import add_user
from compliance.people.models import User
from compliance.policy import SYSTEM, open_to_strangers
from compliance.reference.provinces import find_province
from compliance.web.forms import read_day

FREE_TRIES = 5


def somebody_works_here() -> bool:
    """Whether there is any user."""
    return bool(db.session.scalar(sa.select(sa.exists().where(User.id > 0))))


def province_so_far() -> str:
    """The code of the province that was chosen; "" before that, whatever a store without one would serve."""
    said = db.session.get(Setting, "province")
    return str(said.value) if said is not None else ""


def refuse_when_begun() -> None:
    """Raises Refusal once somebody works here."""
    if somebody_works_here():
        raise Refusal(say("Patuh sudah disiapkan. Masuk dengan akun Anda."))


@open_to_strangers
def enter_code(typed: str, *, code: str, came_from: str) -> None:
    """Compare what was typed with the code of this installation. Raises Invalid, TooOften, Refusal."""
    refuse_when_begun()
    reserve_tries(
        {
            f"first-start:{came_from}": (FREE_TRIES, LONG_PAUSES),
            "first-start": (4 * FREE_TRIES, SHORT_PAUSES),
        }
    )
    if not is_code(typed, code):
        raise Invalid({"code": say("Kode ini tidak cocok. Periksa di konsol server.")})


@open_to_strangers
def choose_province(code: str) -> None:
    """Make this installation serve a province, with its offices. Raises Invalid, Refusal."""
    refuse_when_begun()
    province = find_province(code)
    if province is None:
        raise Invalid({"province": say("Pilih provinsi.")})
    set_up(province, afresh=True)


@open_to_strangers
def name_offices(names: Mapping[str, str], *, contact: Mapping[str, Any]) -> None:
    """What the offices call themselves, by code, and how the inspectorate is reached. Raises Invalid, by code
    of the office.
    """
    refuse_when_begun()
    own, problems = served_province().inspectorate.code, dict[str, Text]()
    for code, name in names.items():
        office = find_office(code)
        if office is None:
            continue
        facts = {fact: getattr(office, fact) for fact in OFFICE_FACTS} | {"name": name}
        try:
            change_office(office, by=SYSTEM, **({**facts, **contact} if code == own else facts))
        except Invalid as refusal:
            told = {
                code if field == "name" else field: why for field, why in refusal.errors.items()
            }
            problems |= told
    if problems:
        raise Invalid(problems)
    if own in names:
        change_settings({"office_name": names[own]}, by=SYSTEM)


@open_to_strangers
def decide_first(values: Mapping[str, Any], *, days_off: str) -> None:
    """What the office begins with: zone, lines of its letters, patterns of numbers; and its own days off, one
    a line, the day before its name. Raises Invalid.
    """
    refuse_when_begun()
    change_settings(values, by=SYSTEM)
    for line in filter(None, map(clean_line, days_off.splitlines())):
        _add_day_off(line)


def _add_day_off(line: str) -> None:
    typed, _, name = line.partition(" ")
    day = read_day(typed)
    if day is None or not name:
        text = say("{line}: tulis tanggal, lalu namanya, misalnya 17-12-2027 Hari Jadi", line=line)
        raise Invalid({"days_off": text})
    known = db.session.get(Holiday, day)
    if known is not None and known.name == name.strip():
        return
    try:
        change = add_day(day, name=name, name_en="", kind="office")
    except Invalid as refusal:
        raise Invalid({"days_off": next(iter(refusal.errors.values()))}) from None
    change_calendar(change, by=SYSTEM, seen=preview(change, by=SYSTEM).seal)


@open_to_strangers
def add_first_people(*, name: str, email: str, password: str, people: Sequence[Newcomer]) -> User:
    """The first admin, with a password, and those of the list; that ends the first start. Raises Invalid."""
    hold_table(User)  # of two at once, one is first
    refuse_when_begun()
    admin = add_user(by=SYSTEM, email=email, name=name, role="admin", password=password)
    try:
        set_up(served_province(), people=people)
    except Invalid as refusal:
        where, why = next(iter(refusal.errors.items()))
        place = where.removeprefix("line ")
        raise Invalid({"people": say("Baris {line}: {reason}", line=place, reason=why)}) from None
    return admin
