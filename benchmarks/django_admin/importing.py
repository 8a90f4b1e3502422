"""`python -m benchmarks.django_admin.importing plain|bulk`: lists through django-import-export.

Reads the name of a csv file a line, imports it, and prints its CPU and the number of new companies.
"""

import json
import sys
import time
from pathlib import Path

import django

django.setup()

import tablib  # noqa: E402
from django.utils.timezone import now  # noqa: E402
from import_export import fields, instance_loaders, resources  # noqa: E402

from benchmarks.django_admin.models import Company  # noqa: E402


class Companies(resources.ModelResource):
    """As it comes: each row is looked up, compared and saved by itself."""

    name = fields.Field("name", "Nama Perusahaan")
    nib = fields.Field("nib", "NIB")
    npwp = fields.Field("npwp", "NPWP")
    npp = fields.Field("npp", "NPP")
    address = fields.Field("address", "Alamat")
    workers_total = fields.Field("workers_total", "Jumlah TK")

    class Meta:
        model = Company
        fields = ("name", "nib", "npwp", "npp", "address", "workers_total")
        import_id_fields = ("nib",)

    def before_save_instance(self, instance, row, **_more):
        instance.name_key = instance.name.lower().removeprefix("pt ")
        instance.region_code, instance.created_at = "53.71", instance.created_at or now()
        instance.npwp, instance.npp = instance.npwp or None, instance.npp or None

    def skip_row(self, instance, original, row, import_validation_errors=None):
        return len(row["NIB"]) != 13 or (original is not None and original.pk is not None)


class InBulk(Companies):
    """Tuned for speed alone: known rows looked up in one read, new ones written in bulk, nothing compared."""

    class Meta(Companies.Meta):
        instance_loader_class = instance_loaders.CachedInstanceLoader
        use_bulk, batch_size, skip_diff = True, 500, True


resource = {"plain": Companies, "bulk": InBulk}[sys.argv[1]]
for line in sys.stdin:
    before, begun = Company.objects.count(), time.process_time()
    dataset = tablib.Dataset().load(Path(line.strip()).read_text(), format="csv")
    resource().import_data(dataset, raise_errors=True)
    spent = time.process_time() - begun
    print(json.dumps({"cpu": spent, "new": Company.objects.count() - before}), flush=True)
