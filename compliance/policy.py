"""TABLE: who may do what. Everything not said here is refused.

Scopes: `all`; `own` (the inspector's own cases); `office` (what lies in the office's province or
regency). Out of scope reads as not found; a role with no entry is not allowed. What `may` says of
one row, `within_scope` says to the store of all rows, and `lies_in` and `in_region` say the same of
regions; a test holds the pairs together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from inspect import Parameter, signature
from typing import Any, Literal, ParamSpec, Protocol, TypeVar

import sqlalchemy as sa

from compliance.core.errors import NotAllowed, OutOfScope
from compliance.core.events import By
from compliance.core.text import say

ROLES = {
    "inspector": say("Pengawas"),
    "supervisor": say("Kepala pengawas"),
    "compliance": say("Tim kepatuhan"),
    "licensing": say("Petugas perizinan"),
    "admin": say("Admin"),
}
Scope = Literal["all", "own", "office"]
_: None = None
#                        inspector supervisor compliance licensing admin
TABLE: dict[str, tuple[Scope | None, Scope | None, Scope | None, Scope | None, Scope | None]] = {
    "company.read":      ("all",   "all",     "all",     "all",    _),
    "company.write":     ("all",   "all",     "all",     _,        _),
    "company.import":    (_,       "all",     "all",     _,        "all"),
    "company.merge":     (_,       "all",     "all",     _,        _),
    "company.circumstance": ("all", "all",    "all",     _,        _),
    "case.read":         ("own",   "all",     "all",     "office", _),
    "case.findings":     ("own",   "all",     "all",     _,        _),
    "case.history":      ("own",   "all",     "all",     _,        _),
    "case.draft":        ("own",   "all",     _,         _,        _),
    "case.issue":        ("own",   "all",     _,         _,        _),
    "nota.approve":      (_,       "all",     _,         _,        _),
    "case.take_over":    (_,       "all",     "all",     _,        "all"),
    "case.receipt":      ("own",   "all",     _,         _,        _),
    "case.visit":        ("own",   "all",     _,         _,        _),
    "plan.read":         ("all",   "all",     "all",     _,        _),
    "plan.list":         (_,       "all",     "all",     _,        "all"),
    "plan.drop":         (_,       "all",     "all",     _,        _),
    "case.withdraw":     (_,       "all",     _,         _,        _),
    "case.reopen":       (_,       "all",     _,         _,        _),
    "case.dispute":      ("own",   "all",     "all",     _,        _),
    "reading.read":     (_,       "all",     _,         _,        _),
    "evidence.read":    ("own",   "all",     "all",     _,        _),
    "evidence.restricted": ("own", "all",    _,         _,        _),
    "evidence.original": ("own",  "all",     _,         _,        _),
    "evidence.add":     ("own",   "all",     _,         _,        _),
    "letter.read":      ("own",   "all",     "all",     _,        _),
    "letter.read_sent": (_,       _,         _,         "office", _),
    "letter.draft":     ("own",   "all",     _,         _,        _),
    "letter.sign":      ("own",   "all",     _,         _,        _),
    "letter.sign_remotely": (_,   "all",     _,         _,        _),
    "letter.serve":     ("own",   "all",     _,         _,        _),
    "letter.approve":   (_,       "all",     _,         _,        _),
    "letter.number":    (_,       "all",     _,         _,        _),
    "letter.withdraw":  (_,       "all",     _,         _,        _),
    "wording.manage":   (_,       _,         _,         _,        "all"),
    "article.manage":   (_,       _,         _,         _,        "all"),
    "packet.full":      ("own",   "all",     _,         _,        _),
    "packet.licensing": ("own",   "all",     "all",     "office", _),
    "queue.read":        (_,       "all",     "all",     _,        _),
    "case.reassign":     (_,       "all",     "all",     _,        _),
    "case.give_back":    (_,       "all",     "own",     _,        _),
    "case.remind":       (_,       "all",     "all",     _,        _),
    "case.extend":       (_,       "all",     "all",     _,        _),
    "case.escalate":     (_,       "all",     "all",     _,        _),
    "case.answer_escalation": (_,  "all",     _,         _,        _),
    "case.ask":          (_,       _,         _,         "all",    _),
    "case.answer":       ("own",   "all",     "all",     _,        _),
    "list.export":       ("own",   "all",     "all",     "office", _),
    "flag.read":         ("own",   "all",     "all",     "office", _),
    "flag.sanction":     (_,       "all",     "all",     _,        _),
    "flag.lift":         (_,       "all",     "all",     _,        _),
    "flag.acknowledge":  (_,       _,         _,         "office", _),
    "check.make":        (_,       _,         _,         "all",    _),
    "check.read":        (_,       "all",     "all",     "own",    _),
    "check.decide":      (_,       _,         _,         "own",    _),
    "signatory.manage": (_,       _,         _,         _,        "all"),
    "trust_root.manage": (_,      _,         _,         _,        "all"),
    "user.manage":       (_,       _,         _,         _,        "all"),
    "office.manage":     (_,       _,         _,         _,        "all"),
    "calendar.manage":   (_,       _,         _,         _,        "all"),
    "settings.manage":   (_,       _,         _,         _,        "all"),
    "jobs.manage":       (_,       _,         _,         _,        "all"),
    "audit.read":        (_,       _,         _,         _,        "all"),
}  # fmt: skip


class Actor(By, Protocol):
    """A person acting in a role, or the system."""

    @property
    def role(self) -> str: ...
    @property
    def region_code(self) -> str | None:
        """The region the actor's office answers for: "53" is all of the province, "53.71" one city."""
        ...


@dataclass(frozen=True)
class System:
    """The scheduler and the reactions: may do everything, because only our own code acts as it."""

    actor_id: None = None
    actor_name: str = "sistem"
    role: str = "system"
    region_code: None = None


SYSTEM = System()


def scope(by: Actor, action: str) -> Scope | None:
    """How far `by` may do `action`: all, own, office, or None for not at all."""
    row = TABLE[action]
    if by.role == "system":
        return "all"
    return row[list(ROLES).index(by.role)] if by.role in ROLES else None


def may(by: Actor, action: str, subject: Any = None) -> bool:
    """Whether `by` may do `action`, to `subject` when one is given.

    A subject shows whose it is by `owner_id` (scope own) and where it lies by `region_code` (scope office).
    """
    reach = scope(by, action)
    if reach is None:
        return False
    if subject is None or reach == "all":
        return True
    if reach == "own":
        return by.actor_id is not None and subject.owner_id == by.actor_id
    return lies_in(subject.region_code, by.region_code)


def within_scope(
    by: Actor,
    action: str,
    *,
    own: sa.ColumnElement[bool],
    region: sa.SQLColumnExpression[str] | None = None,
) -> sa.ColumnElement[bool]:
    """The condition on rows that `by` may do `action` to them: `own` says that a row is theirs,
    `region` where it is.
    """
    reach = scope(by, action)
    if reach == "all":
        return sa.true()
    if reach == "own":
        return own if by.actor_id is not None else sa.false()
    return (
        in_region(region, by.region_code)
        if reach == "office" and region is not None
        else sa.false()
    )


def lies_in(code: str | None, region: str | None) -> bool:
    """Whether a region lies in another: a province holds itself and its regencies, a regency only itself."""
    if not code or not region:
        return False
    return code == region or ("." not in region and code.startswith(f"{region}."))


def in_region(column: sa.SQLColumnExpression[str], region: str | None) -> sa.ColumnElement[bool]:
    """The condition on rows whose `column` holds a code that lies in `region`."""
    if not region:
        return sa.false()
    if "." in region:
        return column == region
    return sa.or_(column == region, column.startswith(f"{region}.", autoescape=True))


def require(by: Actor, action: str, subject: Any = None) -> None:
    """Refuse unless `may`: NotAllowed when the role never may, NotFound when this subject is out of scope."""
    if scope(by, action) is None:
        raise NotAllowed()
    if not may(by, action, subject):
        raise OutOfScope()


P = ParamSpec("P")
R = TypeVar("R")
OWN = "own"
"""The action of a verb that reaches only what belongs to the person who acts: no role is asked."""
FIRST = "the first parameter"


@dataclass(frozen=True)
class Mark:
    """Who may call a function that writes. Stands on the function as its attribute `mark`."""

    kind: Literal["command", "system_only", "open_to_strangers"]
    action: str | None = None


def command(
    action: str, *, about: str | None = FIRST, owner: str | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a verb, and `require` that its keyword-only `by` may do `action` before anything else happens.

    The right is asked about the first parameter, about the one that `about` names, or about none. `owner` is
    the attribute of the first parameter that holds a person's id: that person may, whatever the role. Raises
    NotAllowed and NotFound as `require` does; with the action OWN, NotAllowed to everybody but the owner.
    """

    def mark(function: Callable[P, R]) -> Callable[P, R]:
        called = signature(function)
        first = next(iter(called.parameters))
        subject = first if about == FIRST else about
        if action != OWN and action not in TABLE:
            raise LookupError(f"{function.__qualname__}: {action} is not in the table")
        if called.parameters["by"].kind is not Parameter.KEYWORD_ONLY:
            raise TypeError(f"{function.__qualname__}: `by` is keyword-only in a command")
        if subject is not None and subject not in called.parameters:
            raise TypeError(f"{function.__qualname__} has no parameter {subject}")

        @wraps(function)
        def ask_first(*args: P.args, **kwargs: P.kwargs) -> R:
            given = called.bind(*args, **kwargs).arguments
            by: Actor = given["by"]
            if owner is None or getattr(given[first], owner) != by.actor_id:
                if action != OWN:
                    require(by, action, given[subject] if subject is not None else None)
                elif owner is not None or by.actor_id is None:
                    raise NotAllowed()
            return function(*args, **kwargs)

        vars(ask_first)["mark"] = Mark("command", action)
        return ask_first

    return mark


def system_only(function: Callable[P, R]) -> Callable[P, R]:
    """Mark what only our own code does, as SYSTEM or as a part of a verb that asked. Refuses another `by`.

    Naming such a function is writing: only what is marked, or private to that, may name it (house law 3).
    """
    called = signature(function)
    if "by" not in called.parameters:
        vars(function)["mark"] = Mark("system_only")
        return function

    @wraps(function)
    def refuse_others(*args: P.args, **kwargs: P.kwargs) -> R:
        if called.bind(*args, **kwargs).arguments.get("by", SYSTEM) is not SYSTEM:
            raise NotAllowed()
        return function(*args, **kwargs)

    vars(refuse_others)["mark"] = Mark("system_only")
    return refuse_others


def open_to_strangers(function: Callable[P, R]) -> Callable[P, R]:
    """Mark what anybody may make us write, signed in or not; such a function limits itself what that is."""
    vars(function)["mark"] = Mark("open_to_strangers")
    return function
