"""Old notas come along by import: which case came with which row, and what is asked of such a list."""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

COUNTS = ("workers_total", "workers_registered")


def upgrade() -> None:
    op.create_table(
        "old_notas",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_old_notas_case_id")),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_old_notas_import_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_old_notas")),
        sa.UniqueConstraint("import_id", "row", name=op.f("uq_old_notas_import_id_row")),
        sqlite_autoincrement=True,
    )
    op.add_column(
        "imports",
        sa.Column("holder_id", sa.Integer(), sa.ForeignKey("users.id", name=op.f("fk_imports_holder_id"))),
        inline_references=True,
    )
    op.add_column("imports", sa.Column("counts_from", sa.Date()))
    _let_counts_be(nullable=True)


def downgrade() -> None:
    notas = sa.table("notas", *(sa.column(name, sa.Integer) for name in COUNTS))
    for name in COUNTS:
        op.execute(notas.update().where(notas.c[name].is_(None)).values({name: 0}))
    _let_counts_be(nullable=False)
    op.drop_column("imports", "counts_from")
    op.drop_column("imports", "holder_id")
    op.drop_table("old_notas")


def _let_counts_be(*, nullable: bool) -> None:
    """SQLite is told otherwise how the table was made, as it allows: its rows are kept alike both ways."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        for name in COUNTS:
            op.alter_column("notas", name, existing_type=sa.Integer(), nullable=nullable)
        return
    text = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'notas'"
    ).scalar_one()
    for name in COUNTS:
        ways = f"{name} INTEGER NOT NULL,", f"{name} INTEGER,"
        before, after = ways if nullable else ways[::-1]
        if text.count(before) != 1:
            raise ValueError("the table of notas was made otherwise")
        text = text.replace(before, after)
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = 'notas'", (text,)
    )
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")
