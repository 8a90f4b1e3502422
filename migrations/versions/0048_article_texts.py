"""The texts of articles that notas quote."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "article_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("legal_basis", sa.String(500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text()),
        sa.Column("source", sa.String(200)),
        sa.Column("read_on", sa.Date()),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Integer()),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(text IS NULL) = (source IS NULL)", name=op.f("ck_article_texts_text_has_source")
        ),
        sa.CheckConstraint(
            "(text IS NULL) = (read_on IS NULL)", name=op.f("ck_article_texts_text_was_read")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_article_texts_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_texts")),
        sa.UniqueConstraint("legal_basis", "version", name=op.f("uq_article_texts_legal_basis_version")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_article_texts_legal_basis_valid_from",
        "article_texts",
        ["legal_basis", "valid_from", "version"],
    )


def downgrade() -> None:
    op.drop_table("article_texts")
