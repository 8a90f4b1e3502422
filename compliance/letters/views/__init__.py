"""Addresses of letters: what waits, one letter with its steps, the forms that make one.

One module each; this one gathers them.
"""

from __future__ import annotations

from compliance.letters.signing import views as signing
from compliance.letters.views import making, pages, previews, steps
from compliance.letters.views.blueprint import blueprint

MODULES = (making, pages, previews, steps, signing)
"""Importing a module is what gives the blueprint its pages."""
__all__ = ["MODULES", "blueprint"]
