"""Pages of the admin: users, offices, calendar, settings, jobs, audit. One module each; this one gathers them."""

from __future__ import annotations

from compliance.oversight import (
    admin_audit,
    admin_calendar,
    admin_jobs,
    admin_offices,
    admin_settings,
    admin_users,
)
from compliance.oversight.admin_page import blueprint

MODULES = (admin_users, admin_offices, admin_calendar, admin_settings, admin_jobs, admin_audit)
"""Importing a module is what gives the blueprint its pages."""
__all__ = ["MODULES", "blueprint"]
