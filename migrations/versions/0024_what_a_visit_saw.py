"""What a visit counted and saw, the case before it, and when an unresolved case is visited again."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

VISITS: dict[str, sa.types.TypeEngine] = {
    "workers_total": sa.Integer(),
    "not_met_reason": sa.String(10),
    "proof": sa.Text(),
    "before": sa.JSON(),
    "undone_at": sa.DateTime(timezone=True),
}
DAYS = 30
"""Open cases of before get the days of the setting's default."""


UNRESOLVED = sa.text("status = 'unresolved'")
INDEXES = {
    "ix_cases_next_visit": ["next_visit_on", "id"],
    "ix_cases_next_visit_by_inspector": ["inspector_id", "next_visit_on", "id"],
}


def upgrade() -> None:
    for name, kind in VISITS.items():
        op.add_column("visits", sa.Column(name, kind))
    op.add_column("cases", sa.Column("next_visit_on", sa.Date()))
    later = (
        f"unresolved_on + {DAYS}"
        if op.get_bind().dialect.name == "postgresql"
        else f"date(unresolved_on, '+{DAYS} days')"
    )
    op.execute(f"UPDATE cases SET next_visit_on = {later} WHERE status = 'unresolved'")
    for name, columns in INDEXES.items():
        op.create_index(
            name, "cases", columns, sqlite_where=UNRESOLVED, postgresql_where=UNRESOLVED
        )


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, "cases")
    op.drop_column("cases", "next_visit_on")
    for name in reversed(VISITS):
        op.drop_column("visits", name)
