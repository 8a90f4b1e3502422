"""A nota may be issued without a number, which the office writes by hand and records afterwards."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

NUMBER = "number VARCHAR(60)"


def upgrade() -> None:
    _let_number_be(nullable=True)


def downgrade() -> None:
    notas = sa.table("notas", sa.column("id", sa.Integer), sa.column("number", sa.String))
    unnumbered = sa.literal("tanpa nomor ") + sa.cast(notas.c.id, sa.String)
    op.execute(notas.update().where(notas.c.number.is_(None)).values(number=unnumbered))
    _let_number_be(nullable=False)


def _let_number_be(*, nullable: bool) -> None:
    """SQLite is told otherwise how the table was made, as it allows: its rows are kept alike both ways."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.alter_column("notas", "number", existing_type=sa.String(60), nullable=nullable)
        return
    ways = f"{NUMBER} NOT NULL", NUMBER
    before, after = ways if nullable else ways[::-1]
    text = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'notas'"
    ).scalar_one()
    if text.count(f"{before},") != 1:
        raise ValueError("the table of notas was made otherwise")
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = 'notas'",
        (text.replace(f"{before},", f"{after},"),),
    )
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")
