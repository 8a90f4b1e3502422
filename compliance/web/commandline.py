"""The ground of `flask` commands. A refusal is one sentence and exit code 1, never a traceback."""

from __future__ import annotations

from typing import Any

import click
from flask.cli import AppGroup, FlaskGroup
from sqlalchemy.exc import OperationalError, ProgrammingError

from compliance.core.channels import through
from compliance.core.errors import Invalid, Refusal
from compliance.core.parsing import Unreadable
from compliance.web.formatting import written


class _ToldInWords(click.Command):
    def invoke(self, ctx: click.Context) -> Any:
        try:
            with through("console"):
                return super().invoke(ctx)
        except (Refusal, Unreadable) as refusal:
            raise in_words(refusal) from None
        except (OperationalError, ProgrammingError) as error:
            raise click.ClickException(
                f"the database cannot be used: {str(error.orig).splitlines()[0]}\n"
                "When it is new, or Patuh is: flask db upgrade"
            ) from None


class Command(_ToldInWords):
    """A command by which whatever is refused or cannot be read is told in words."""


class Group(_ToldInWords, AppGroup):
    """A group of such commands."""


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
