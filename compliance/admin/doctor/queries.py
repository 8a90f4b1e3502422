"""What the doctor asks the store. Runs on a store with the schema of this Patuh."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta

import sqlalchemy as sa

from compliance.admin.doctor.rules import BAD, WARNING, WELL, Observation, clock_finding, some_of
from compliance.core import clock
from compliance.core.db import db
from compliance.core.jobs import Beat, JobState, is_old
from compliance.core.numbering import template_problem
from compliance.core.outbox import Message
from compliance.office.models import Office
from compliance.office.settings import OfficeSettings, office_settings, served_province
from compliance.people.factors.rules import FACTOR_ROLES
from compliance.people.models import User

REFUSED_SINCE = timedelta(days=30)
MAIL_WAITS_LONG = timedelta(hours=1)


def clock_findings() -> Iterator[Observation]:
    """The clock of this machine beside that of the store and that of the scheduler's machine."""
    told = clock.of_store(db.session.connection())
    if told is None:
        yield Observation("clocks", WELL, "the database lies on this machine")
    else:
        yield clock_finding("clocks", told - clock.now())
    beat = db.session.get(Beat, 1)
    if beat is not None and beat.at > clock.now():
        yield clock_finding("scheduler's clock", beat.at - clock.now())


def zone_findings() -> Iterator[Observation]:
    """The time zone in which days begin and mornings are."""
    zone, province = office_settings().time_zone, served_province()
    if zone == province.zone:
        yield Observation("zone", WELL, f"{zone}, as {province.name} has it")
    else:
        says = f"the office lives by {zone}, and {province.name} by {province.zone}"
        yield Observation("zone", WARNING, says, "look at Admin, Setelan: Zona waktu")


def scheduler_findings() -> Iterator[Observation]:
    """Whether a scheduler beats, and which jobs failed when they ran last."""
    beat = db.session.get(Beat, 1)
    if is_old(None if beat is None else beat.at):
        says = "no scheduler has beaten" + (f" since {beat.at:%Y-%m-%d %H:%M}Z" if beat else "")
        yield Observation(
            "scheduler", BAD, says, "start flask scheduler (systemctl start patuh-scheduler)"
        )
    else:
        assert beat is not None
        yield Observation("scheduler", WELL, f"{beat.process} beats")
    failed = db.session.scalars(
        sa.select(JobState.name).where(JobState.error.is_not(None)).order_by(JobState.name)
    ).all()
    if failed:
        yield Observation(
            "jobs", WARNING, f"failed when they ran last: {some_of(failed)}", "see /admin/jobs"
        )
    else:
        yield Observation("jobs", WELL, "none failed when it ran last")


def number_findings() -> Iterator[Observation]:
    """The patterns from which numbers of cases, notas and letters are made."""
    settings = office_settings()
    wrong = [
        each.name
        for each in fields(OfficeSettings)
        if each.name.endswith("_number_template")
        and template_problem(getattr(settings, each.name)) is not None
    ]
    if wrong:
        says = f"these patterns make no numbers: {some_of(wrong)}"
        yield Observation("numbers", BAD, says, "correct them at /admin/settings")
    else:
        yield Observation("numbers", WELL, "every pattern makes numbers")


def office_findings() -> Iterator[Observation]:
    """Licensing offices that could not say by which rule they act, or whom nobody reaches."""
    working = (Office.kind == "licensing", Office.handed_over_at.is_(None))
    offices = sa.select(Office.code).where(*working).order_by(Office.code)
    without = db.session.scalars(
        offices.where(sa.func.coalesce(Office.legal_basis, "") == "")
    ).all()
    if without:
        says = f"offices without a legal basis: {some_of(without)}"
        do = "write down, at /admin/offices, by which regulation they act on a flag"
        yield Observation("legal basis", WARNING, says, do)
    else:
        yield Observation("legal basis", WELL, "every licensing office has one")
    staffed = sa.exists().where(User.office_id == Office.id, User.active)
    unheard = db.session.scalars(
        offices.where(sa.func.coalesce(Office.email, "") == "", ~staffed)
    ).all()
    if unheard:
        says = f"offices with neither a mailbox nor an officer: {some_of(unheard)}"
        do = "nobody there hears of a flag: give them a mailbox or an officer"
        yield Observation("offices", WARNING, says, do)
    else:
        yield Observation("offices", WELL, "each has a mailbox or an officer")


def mail_findings() -> Iterator[Observation]:
    """Mails that wait longer than they should, and addresses that servers refused."""
    waits = sa.select(sa.func.count(), sa.func.min(Message.created_at)).where(
        Message.next_try_at.is_not(None)
    )
    count, oldest = db.session.execute(waits).one()
    if oldest is not None and oldest < clock.now() - MAIL_WAITS_LONG:
        says = f"{count} mails wait, the oldest since {oldest:%Y-%m-%d %H:%M}Z"
        yield Observation(
            "waiting mail", WARNING, says, "try flask mail test ADDRESS; see /admin/jobs"
        )
    else:
        yield Observation("waiting mail", WELL, f"{count} wait, none for long")
    refused = sa.select(Message.address, Office.code).distinct()
    refused = refused.outerjoin(Office, Office.email == Message.address)
    refused = refused.where(
        sa.text("messages.given_up_at IS NOT NULL"),
        Message.given_up_at > clock.now() - REFUSED_SINCE,
    ).order_by(Message.address)
    wrong = [
        f"{address} ({office})" if office else str(address)
        for address, office in db.session.execute(refused)
    ]
    if wrong:
        says = f"mails could not be delivered to {some_of(wrong)}"
        yield Observation(
            "addresses", WARNING, says, "correct the addresses, then send again at /admin/jobs"
        )
    else:
        yield Observation("addresses", WELL, "no address was refused for a month")


def people_findings() -> Iterator[Observation]:
    """Whether somebody can administer, also when one is away."""
    admins = sa.select(sa.func.count()).where(User.role == "admin", User.active)
    able = db.session.scalar(admins.where(User.password_hash.is_not(None))) or 0
    if able >= 2:
        yield Observation("admins", WELL, f"{able} admins can sign in")
    elif able == 1:
        yield Observation("admins", WARNING, "only one admin can sign in", "add a second one")
    else:
        do = "flask user add EMAIL --name NAME --role admin, then flask user password-link EMAIL"
        yield Observation("admins", BAD, "no admin can sign in", do)


def factor_findings() -> Iterator[Observation]:
    """People who must have a second factor and have none."""
    roles = FACTOR_ROLES[office_settings().second_factor_for]
    if not roles:
        do = "say who must have one at /admin/settings"
        yield Observation("second factor", WARNING, "nobody must have one", do)
        return
    without = db.session.scalars(
        sa.select(User.email)
        .where(User.active, User.role.in_(roles), User.factor_since.is_(None))
        .where(User.password_hash.is_not(None))
        .order_by(User.email)
    ).all()
    if without:
        says = f"people who must have one and have none: {some_of(without)}"
        do = "they set one up on their account page; when their time is over nothing else opens"
        yield Observation("second factor", WARNING, says, do)
    else:
        yield Observation("second factor", WELL, "everybody who must have one has one")
