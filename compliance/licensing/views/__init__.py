"""Pages of the counter and of the flags, one module each; this one gathers them.

Questions to the inspector and the public check of a receipt have blueprints of their own.
"""

from __future__ import annotations

from compliance.licensing.views import counter, flags
from compliance.licensing.views.blueprint import blueprint

MODULES = (counter, flags)
"""Importing a module is what gives the blueprint its pages."""
__all__ = ["MODULES", "blueprint"]
