"""The tests of evidence also ask the API."""

from tests.api.conftest import api, secret

__all__ = ["api", "secret"]
