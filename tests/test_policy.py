"""The marks on functions that write: what they ask, in which order, and of whom."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from compliance.core.errors import NotAllowed, NotFound
from compliance.policy import OWN, SYSTEM, Actor, System, command, open_to_strangers, system_only


@dataclass
class Person:
    role: str
    actor_id: int | None = 1
    actor_name: str = "Ina Contoh"
    region_code: str | None = None


MINE, ANOTHERS = SimpleNamespace(owner_id=1), SimpleNamespace(owner_id=2)


@command("case.issue")
def issue(case: Any, *, by: Actor, number: str = "") -> str:
    return number


@command("case.draft", about=None)
def begin(company: Any, *, by: Actor) -> str:
    return "begun"


@command("case.give_back", about="handover")
def give_back(case: Any, *, handover: Any, by: Actor) -> str:
    return "given back"


@command("user.manage", about=None, owner="owner_id")
def rename(thing: Any, *, by: Actor) -> str:
    return "renamed"


@command(OWN, owner="owner_id")
def keep(thing: Any, *, by: Actor) -> str:
    return "kept"


@command(OWN, about=None)
def clear(*, by: Actor) -> str:
    return "cleared"


@system_only
def sweep(case: Any, *, by: System = SYSTEM) -> str:
    return "swept"


def test_a_command_asks_about_its_first_argument() -> None:
    assert issue(MINE, by=Person("inspector"), number="1") == "1"
    assert issue(case=MINE, by=Person("inspector"), number="1") == "1"
    assert issue(ANOTHERS, by=SYSTEM, number="1") == "1"
    with pytest.raises(NotFound):
        issue(ANOTHERS, by=Person("inspector"))
    with pytest.raises(NotAllowed):
        issue(ANOTHERS, by=Person("licensing"))


def test_a_command_asks_about_what_it_names() -> None:
    assert begin(ANOTHERS, by=Person("inspector")) == "begun"
    assert give_back(ANOTHERS, handover=MINE, by=Person("compliance")) == "given back"
    with pytest.raises(NotFound):
        give_back(MINE, handover=ANOTHERS, by=Person("compliance"))
    with pytest.raises(NotAllowed):
        begin(MINE, by=Person("licensing"))


def test_the_owner_needs_no_other_right() -> None:
    assert rename(MINE, by=Person("inspector")) == "renamed"
    assert rename(ANOTHERS, by=Person("admin")) == "renamed"
    with pytest.raises(NotAllowed):
        rename(ANOTHERS, by=Person("inspector"))


def test_what_is_ones_own_is_nobody_elses() -> None:
    assert keep(MINE, by=Person("inspector")) == "kept"
    assert clear(by=Person("licensing")) == "cleared"
    for by in (Person("admin"), SYSTEM):
        with pytest.raises(NotAllowed):
            keep(ANOTHERS, by=by)
    with pytest.raises(NotAllowed):
        clear(by=SYSTEM)


def test_only_the_system_does_what_is_the_systems() -> None:
    assert sweep(MINE) == sweep(MINE, by=SYSTEM) == "swept"
    with pytest.raises(NotAllowed):
        sweep(MINE, by=Person("admin"))  # type: ignore[arg-type]


def test_a_mark_can_be_read() -> None:
    assert [
        vars(verb)["mark"].kind for verb in (issue, sweep, open_to_strangers(lambda: None))
    ] == [
        "command",
        "system_only",
        "open_to_strangers",
    ]
    assert vars(issue)["mark"].action == "case.issue"


def test_a_mark_that_could_not_ask_is_refused_at_once() -> None:
    with pytest.raises(KeyError):
        command("case.issue")(lambda case: None)
    with pytest.raises(TypeError):
        command("case.issue")(lambda case, by: None)
    with pytest.raises(TypeError):
        command("case.issue", about="nota")(lambda case, *, by: None)


def test_a_call_without_its_arguments_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError):
        issue(MINE)  # type: ignore[call-arg]
