"""Pages of the admin: users, changes of access, offices, calendar, settings, jobs, audit, security log.

One module each; this one gathers them.
"""

from __future__ import annotations

from compliance.admin.access import views as admin_access
from compliance.admin.audit import views as admin_audit
from compliance.admin.letters import articles as admin_articles
from compliance.admin.letters import views as admin_letters
from compliance.admin.letters import wording as admin_wording
from compliance.admin.security import views as admin_security
from compliance.admin.views import calendar as admin_calendar
from compliance.admin.views import factors as admin_factors
from compliance.admin.views import jobs as admin_jobs
from compliance.admin.views import offices as admin_offices
from compliance.admin.views import settings as admin_settings
from compliance.admin.views import trust_roots as admin_trust_roots
from compliance.admin.views import users as admin_users
from compliance.admin.views.blueprint import blueprint

MODULES = (
    admin_users,
    admin_factors,
    admin_access,
    admin_offices,
    admin_calendar,
    admin_settings,
    admin_letters,
    admin_wording,
    admin_articles,
    admin_trust_roots,
    admin_jobs,
    admin_audit,
    admin_security,
)
"""Importing a module is what gives the blueprint its pages."""
__all__ = ["MODULES", "blueprint"]
