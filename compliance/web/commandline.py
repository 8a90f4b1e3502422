"""The ground of `flask` commands. A refusal, or a store that cannot be used, is one sentence and exit code 1,
never a traceback.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup, FlaskGroup, ScriptInfo

from compliance.core.availability import line_for_operator
from compliance.core.channels import through
from compliance.core.db import db
from compliance.core.errors import Invalid, Refusal
from compliance.core.parsing import Unreadable
from compliance.core.schema import require_own_schema
from compliance.web.formatting import written


@contextmanager
def _told_in_words() -> Iterator[None]:
    """Whatever is refused or cannot be read, and a store that cannot be used, is one line and exit code 1."""
    try:
        yield
    except (Refusal, Unreadable) as refusal:
        raise in_words(refusal) from None
    except Exception as error:
        if (line := line_for_operator(error)) is None:
            raise
        raise click.ClickException(line) from None


class Command(click.Command):
    """A command that runs on a store with the schema of this Patuh, and says so in one line where it is not.

    With `any_store` it looks for itself.
    """

    def __init__(self, *args: Any, any_store: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        self.any_store = any_store

    def invoke(self, ctx: click.Context) -> Any:
        context = (
            nullcontext() if current_app else ctx.ensure_object(ScriptInfo).load_app().app_context()
        )
        with context, _told_in_words():
            if not self.any_store:
                require_own_schema(db.engine)
            with through("console"):
                return super().invoke(ctx)


class Group(AppGroup):
    """A group of such commands."""

    command_class = Command

    def invoke(self, ctx: click.Context) -> Any:
        with _told_in_words():  # also what loading one of its commands says
            return super().invoke(ctx)


def looks_for_a_command() -> bool:
    """Whether `flask` loads the application only to find a command of ours in it.

    Its own `run`, `routes` and `shell` load it when they have begun, within a context of their own.
    """
    context = click.get_current_context(silent=True)
    return context is not None and isinstance(context.command, FlaskGroup)


def in_words(refusal: Refusal | Unreadable) -> click.ClickException:
    """The same refusal, for somebody at a terminal."""
    if isinstance(refusal, Invalid):
        reasons = (
            f"{field}: {written(why)}" if field else written(why)
            for field, why in refusal.errors.items()
        )
        return click.ClickException("; ".join(reasons))
    return click.ClickException(written(refusal.reason))
