"""Pages of the admin: users, offices, calendar, settings, jobs, audit.

One module each; this one gathers them.
"""

from __future__ import annotations

from compliance.admin.audit import views as admin_audit
from compliance.admin.views import calendar as admin_calendar
from compliance.admin.views import jobs as admin_jobs
from compliance.admin.views import offices as admin_offices
from compliance.admin.views import settings as admin_settings
from compliance.admin.views import users as admin_users
from compliance.admin.views.blueprint import blueprint

MODULES = (admin_users, admin_offices, admin_calendar, admin_settings, admin_jobs, admin_audit)
"""Importing a module is what gives the blueprint its pages."""
__all__ = ["MODULES", "blueprint"]
