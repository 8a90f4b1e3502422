"""Reads the house's source once, before the first law looks at it."""

from __future__ import annotations

import pytest

from tests.house.source import modules
from tests.house.writers import imported


@pytest.fixture(scope="session", autouse=True)
def _read() -> None:
    """So that no law pays for the others: what a test costs is then what it does itself."""
    for tree in modules().values():
        imported(tree)
