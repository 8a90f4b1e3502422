"""A sanction of BPJS may come about a company without a case, and ends by a letter of BPJS that is kept."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

READ = sa.table(
    "acknowledgements",
    *(sa.column(name) for name in ("id", "flag_id", "office_id", "by_id", "at", "answer", "note")),
)


def upgrade() -> None:
    op.add_column("flags", sa.Column("lift_letter_number", sa.String(100)))
    op.add_column("flags", sa.Column("lift_letter_on", sa.Date()))
    _change_flags(nullable=True)


def downgrade() -> None:
    _change_flags(nullable=False)
    op.drop_column("flags", "lift_letter_on")
    op.drop_column("flags", "lift_letter_number")


def _change_flags(*, nullable: bool) -> None:
    """SQLite copies the table: what refers to its rows steps aside meanwhile."""
    store, rows = op.get_bind(), list[dict[str, Any]]()
    copied = store.dialect.name == "sqlite"
    if copied:
        rows = [dict(row) for row in store.execute(sa.select(READ)).mappings()]
        store.execute(sa.delete(READ))
    name = op.f("ck_flags_only_a_sanction_has_no_case")
    with op.batch_alter_table("flags") as flags:
        flags.alter_column("case_id", existing_type=sa.Integer(), nullable=nullable)
        if nullable:
            flags.create_check_constraint(name, "level = 'sanction' OR case_id IS NOT NULL")
        else:
            flags.drop_constraint(name, type_="check")
    if copied and rows:
        store.execute(sa.insert(READ), rows)
