"""The admin, tuned: joins instead of a query per row, no count of the whole table, no choices to read."""

from django.contrib import admin
from django.db.models import Prefetch

from benchmarks.django_admin.models import Case, Company, Flag, Nota

OPEN = ("in_remedy", "recheck_due", "unresolved")


class Tuned(admin.ModelAdmin):
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    actions = None

    def lookup_allowed(
        self, lookup, value, request=None
    ):  # the addresses of the benchmark name their filters
        return True


@admin.register(Company)
class CompanyAdmin(Tuned):
    """The counter's lookup: `?nib=…` finds a company with its open cases and active flags."""

    list_display = ("name", "nib", "npwp", "npp", "region_code", "open_cases", "active_flags")
    ordering = ("id",)

    def get_queryset(self, request):
        cases = Case.objects.filter(status__in=OPEN).select_related("inspector")
        flags = Flag.objects.filter(lifted_at=None)
        prefetched = (
            Prefetch("cases", cases, to_attr="open"),
            Prefetch("flags", flags, to_attr="active"),
        )
        return super().get_queryset(request).prefetch_related(*prefetched)

    def open_cases(self, company):
        return ", ".join(
            f"{case.number} {case.status} {case.inspector.name}" for case in company.open
        )

    def active_flags(self, company):
        return ", ".join(f"{flag.level} {flag.since_on}" for flag in company.active)


@admin.register(Case)
class CaseAdmin(Tuned):
    """The overdue queue: `?status__in=…&effective_on__lt=…`, 50 rows."""

    list_display = (
        "number",
        "company",
        "region_code",
        "effective_on",
        "workers_total",
        "workers_registered",
        "inspector",
    )
    list_select_related = ("company", "inspector")
    ordering = ("effective_on", "id")


@admin.register(Nota)
class NotaAdmin(Tuned):
    """Adding one row through a form."""

    raw_id_fields = ("case", "inspector")
