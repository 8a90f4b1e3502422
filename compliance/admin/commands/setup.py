"""Setting an installation up for the province that it serves, before its first company is registered.

Settings, offices, the first admin and the first people. Done again it changes nothing; what a person decided
since stays. One installation serves one province: with companies of another one it refuses.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import sqlalchemy as sa

from compliance.companies.models import Company
from compliance.core import clock
from compliance.core.db import Model, db, hold_table
from compliance.core.errors import Invalid, Refusal, Taken
from compliance.core.events import Subject, record
from compliance.core.parsing import clean_line, too_long
from compliance.core.stamp import forget_stamp, replace_stamp
from compliance.core.text import Text, say
from compliance.office.models import Office, Setting
from compliance.office.queries import find_office
from compliance.office.settings import (
    OfficeSettings,
    given_by_province,
    office_settings,
    served_province,
)
from compliance.people.commands.resets import send_link
from compliance.people.commands.users import add_user
from compliance.people.queries import find_user
from compliance.policy import ROLES, SYSTEM, system_only
from compliance.reference.provinces import OfficeEntry, Province, province_called

_COLUMNS = {
    "name": "name", "nama": "name", "email": "email", "surel": "email", "role": "role", "peran": "role",
    "office": "office", "kantor": "office",
}  # fmt: skip
_NEEDED = ("name", "email", "role")
_ROLES = {
    **{role: role for role in ROLES},
    **{str(name).casefold(): role for role, name in ROLES.items()},
}
LARGEST_LIST = 1024 * 1024
"""So many bytes a list of people may have."""


@dataclass(frozen=True)
class Newcomer:
    """A person who is to work with Patuh. `line`: where it stands in the file that names them."""

    name: str
    email: str
    role: str
    office: str | None = None
    line: int | None = None


@dataclass
class SetUp:
    """What setting up did: settings, offices by code, and people by mail address."""

    settings: dict[str, Any] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    """Offices of another province that stay, because somebody changed them or works there."""
    renamed: str | None = None
    people: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether anything is otherwise than before."""
        return bool(self.settings or self.added or self.removed or self.renamed or self.people)


@system_only
def set_up(
    province: Province,
    *,
    inspectorate: str | None = None,
    people: Sequence[Newcomer] = (),
    afresh: bool = False,
) -> SetUp:
    """Make this installation serve `province`, and add `people`; those whose address is known already are
    left alone. `inspectorate` is what the office calls itself. `afresh`: offices of another province go also
    when somebody renamed them.

    Raises Refusal when there are companies of another province, Invalid for a name or for people that will
    not do, by the line of each; then nothing was written.
    """
    hold_table(Setting)
    hold_table(Company)
    forget_stamp()
    served, did = served_province(), SetUp()
    has_companies = db.session.scalar(sa.select(sa.exists().where(Company.id > 0)))
    if has_companies and served.code != province.code:
        raise Refusal(
            say(
                "Basis data ini sudah berisi perusahaan di {name}, dan satu instalasi melayani satu provinsi:"
                " pakai basis data lain untuk {other}.",
                name=served.name,
                other=province.name,
            )
        )
    name = clean_line(inspectorate) or province.inspectorate.name
    if reason := too_long(name, 200):
        raise Invalid({"inspectorate": reason})
    said = db.session.get(Setting, "province")
    if said is None or said.value != province.code:
        _say_province(did, served, province, None if has_companies else name)
        _exchange_offices(did, province, name, afresh=afresh)
    if did.changed:
        replace_stamp(db.session())
        record(
            "province.set_up",
            by=SYSTEM,
            subject=Subject("settings"),
            province=province.code,
            name=province.name,
            offices_added=did.added,
            offices_removed=did.removed,
            offices_kept=did.kept,
            inspectorate=name,
        )
    _add_people(did, people)
    return did


def _say_province(did: SetUp, served: Province, province: Province, name: str | None) -> None:
    """Write the province down with all that follows from it. What a person decided otherwise stays, but for
    the name of the office.
    """
    before, given = asdict(office_settings()), given_by_province(served.code)
    values = {"province": province.code, **given_by_province(province.code)}
    decided = {key for key, value in given.items() if before[key] != value}
    for key in decided:
        values[key] = before[key]
    if name is not None:
        values["office_name"] = name
    OfficeSettings.read(values)
    for key, value in values.items():
        db.session.merge(Setting(key=key, value=value, changed_at=clock.now()))
    changed = [key for key, value in values.items() if before[key] != value] or ["province"]
    did.settings = {key: values[key] for key in changed}
    record(
        "settings.changed",
        by=SYSTEM,
        subject=Subject("settings"),
        before={key: before[key] for key in changed},
        after=did.settings,
        cases=None,
    )


def _exchange_offices(did: SetUp, province: Province, inspectorate: str, *, afresh: bool) -> None:
    """Take away the untouched offices of other provinces, and add those of this one."""
    db.session.flush()
    used = _offices_in_use()
    entries = {entry.code: entry for entry in (province.inspectorate, *province.licensing_offices)}
    for office in db.session.scalars(sa.select(Office).order_by(Office.code)):
        if office.code in entries:
            continue
        if (afresh or office.version == 1) and office.id not in used:
            db.session.delete(office)
            did.removed.append(office.code)
        else:
            did.kept.append(office.code)
    own = find_office(province.inspectorate.code)
    if own is not None and own.version == 1 and own.name != inspectorate:
        own.name = did.renamed = inspectorate
    for code, entry in entries.items():
        if find_office(code) is None:
            db.session.add(_office(entry, inspectorate))
            did.added.append(code)
    db.session.flush()


def _office(entry: OfficeEntry, inspectorate: str) -> Office:
    facts = asdict(entry)
    if entry.kind == "inspectorate":
        facts["name"] = inspectorate
    return Office(**facts)


def _offices_in_use() -> set[int]:
    """The ids of the offices that any row of any table names."""
    columns = [
        column
        for table in Model.metadata.tables.values()
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table is Office.__table__
    ]
    return {
        id
        for column in columns
        for id in db.session.scalars(sa.select(column).where(column.is_not(None)).distinct())
    }


def _add_people(did: SetUp, people: Sequence[Newcomer]) -> None:
    """Add who is not known yet, and mail each a link by which they set their password."""
    problems: dict[str, Text] = {}
    for person in people:
        where = f"line {person.line}" if person.line else person.email
        if find_user(person.email) is not None:
            continue
        office = find_office(person.office) if person.office else None
        if person.office and office is None:
            problems[where] = say("Kantor {office} tidak dikenal.", office=person.office)
            continue
        try:
            user = add_user(
                by=SYSTEM, email=person.email, name=person.name, role=person.role, office=office
            )
        except Invalid as refusal:
            problems[where] = next(iter(refusal.errors.values()))
            continue
        except Taken as refusal:
            problems[where] = refusal.reason
            continue
        did.people.append(user.email)
        if person.line is not None:
            send_link(user, by=SYSTEM)
    if problems:
        raise Invalid(problems)


def read_people(content: bytes, province: Province) -> list[Newcomer]:
    """The people of a csv: name, email, role, office, under headings in Indonesian or English. Raises
    Invalid.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid({"": say("Daftar orang bukan teks UTF-8.")}) from None
    first = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text), delimiter=";" if ";" in first else ",", strict=True)
    try:
        header = [_COLUMNS.get(title.strip().casefold(), "") for title in next(rows, [])]
        lines = [
            (rows.line_num, dict(zip(header, cells, strict=False))) for cells in rows if any(cells)
        ]
    except csv.Error as error:
        text_of = say("Baris {line}: {reason}", line=rows.line_num, reason=str(error))
        raise Invalid({"": text_of}) from None
    if missing := [column for column in _NEEDED if column not in header]:
        raise Invalid({"": say("Kolom {columns} tidak ada.", columns=", ".join(missing))})
    return [_newcomer(line, cells, province) for line, cells in lines]


def _newcomer(line: int, cells: Mapping[str, str], province: Province) -> Newcomer:
    role = (clean_line(cells.get("role")) or "").casefold()
    office = clean_line(cells.get("office"))
    return Newcomer(
        name=cells.get("name", ""),
        email=cells.get("email", ""),
        role=_ROLES.get(role, role),
        office=_office_called(office, province) if office else None,
        line=line,
    )


def _office_called(typed: str, province: Province) -> str:
    """The code of an office: as it is typed, or that of the licensing office of the region that is typed."""
    if province_called(typed) == province:
        return f"ptsp-{province.code}"
    region = province.read_regency(typed).certain
    return f"ptsp-{region.code}" if region is not None else typed
