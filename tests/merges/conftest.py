"""The fixture that imports a list, for tests of merges that begin with one."""

from tests.imports.conftest import run

__all__ = ["run"]
