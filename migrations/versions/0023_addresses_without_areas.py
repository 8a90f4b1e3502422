"""Addresses are compared by street and number: what was keyed with its area is keyed anew.

`fill_reference_data` writes the keys of a company again when its name has no search key.
"""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

AREAS = (
    "rt", "rw", "kelurahan", "desa", "dusun", "lingkungan", "kecamatan", "kabupaten", "kota", "provinsi",
)  # fmt: skip


def upgrade() -> None:
    with_area = " OR ".join(f"address_key LIKE '%{area}%'" for area in AREAS)
    op.execute(
        "UPDATE company_names SET search_key = '' WHERE kind = 'current'"
        f" AND company_id IN (SELECT id FROM companies WHERE {with_area})"
    )


def downgrade() -> None:
    upgrade()
