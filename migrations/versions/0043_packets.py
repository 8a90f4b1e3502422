"""Packets of evidence, whose zip is a stored file."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

BEFORE = ("jpeg", "png", "heic", "pdf")
KINDS = (*BEFORE, "zip")
UNMADE = sa.text("made_at IS NULL AND failed_at IS NULL")


def upgrade() -> None:
    _let_files_be(KINDS, BEFORE)
    op.create_table(
        "packets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fingerprint", sa.String(64)),
        sa.Column("head_id", sa.BigInteger()),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer()),
        sa.Column("file_id", sa.Integer()),
        sa.Column("made_at", sa.DateTime(timezone=True)),
        sa.Column("failed_at", sa.DateTime(timezone=True)),
        sa.Column("problem", sa.JSON()),
        sa.CheckConstraint("kind IN ('full', 'licensing')", name=op.f("ck_packets_kind")),
        sa.CheckConstraint("(made_at IS NULL) = (file_id IS NULL)", name=op.f("ck_packets_made_has_file")),
        sa.CheckConstraint("(failed_at IS NULL) = (problem IS NULL)", name=op.f("ck_packets_failed_has_problem")),
        sa.CheckConstraint("made_at IS NULL OR failed_at IS NULL", name=op.f("ck_packets_made_or_failed")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_packets_case_id")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_packets_by_id")),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_packets_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packets")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_packets_case_id_kind_id", "packets", ["case_id", "kind", "id"])
    op.create_index("ix_packets_file_id", "packets", ["file_id"])
    for name, columns, unique in (
        ("uq_packets_unmade", ["case_id", "kind"], True),
        ("ix_packets_unmade", ["id"], False),
    ):
        op.create_index(name, "packets", columns, unique=unique, sqlite_where=UNMADE, postgresql_where=UNMADE)


def downgrade() -> None:
    op.drop_table("packets")
    op.execute(sa.text("DELETE FROM files WHERE kind = 'zip'"))
    _let_files_be(BEFORE, KINDS)


def _let_files_be(kinds: tuple[str, ...], before: tuple[str, ...]) -> None:
    """Say otherwise which kinds of files there are.

    SQLite cannot copy the table, as it does elsewhere: letters and evidence refer to it. So the condition is
    written anew where it stands; no row is touched.
    """
    store, name = op.get_bind(), op.f("ck_files_kind")
    if store.dialect.name == "postgresql":
        op.drop_constraint(name, "files", type_="check")
        op.create_check_constraint(name, "files", f"kind IN {kinds}")
        return
    store.exec_driver_sql("PRAGMA writable_schema = ON")
    store.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'files'",
        (f"kind IN {before}", f"kind IN {kinds}"),
    )
    version = store.exec_driver_sql("PRAGMA schema_version").scalar()
    store.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    store.exec_driver_sql("PRAGMA writable_schema = RESET")
