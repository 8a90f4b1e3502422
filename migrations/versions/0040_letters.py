"""Letters with their frozen facts, who signs them, and what stands under a person's signature."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None
KINDS = (
    "('spt', 'ba', 'ba_refusal', 'nota_1', 'receipt', 'cover_ptsp', 'recheck_notice', 'nota_2',"
    " 'noncompliance_report', 'recommendation', 'clearance_letter', 'certificate')"
)
STATES = "('draft', 'approved', 'numbered', 'signed', 'served', 'replaced', 'withdrawn')"
SIGNED_HOW = "('wet_ink', 'scan', 'certified', 'uncertified')"
UNSET = sa.text("file_id IS NULL AND status IN ('numbered', 'signed', 'served', 'replaced')")
WAITING = sa.text("status = 'draft'")


def upgrade() -> None:
    op.add_column("users", sa.Column("nip", sa.String(30)))
    op.add_column("users", sa.Column("rank", sa.String(100)))
    op.add_column("users", sa.Column("position", sa.String(100)))
    op.create_table(
        "letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer()),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("number", sa.String(60)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("code", sa.String(10), nullable=False),
        sa.Column("file_id", sa.Integer()),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drafted_by_id", sa.Integer()),
        sa.Column("returned_why", sa.String(500)),
        sa.Column("approved_by_id", sa.Integer()),
        sa.Column("approved_at", sa.DateTime(timezone=True)),
        sa.Column("numbered_at", sa.DateTime(timezone=True)),
        sa.Column("signed_on", sa.Date()),
        sa.Column("signed_how", sa.String(12)),
        sa.Column("signed_file_id", sa.Integer()),
        sa.Column("signature", sa.JSON()),
        sa.Column("replaces_id", sa.Integer()),
        sa.Column("replaced_why", sa.String(500)),
        sa.Column("withdrawn_why", sa.String(500)),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"kind IN {KINDS}", name=op.f("ck_letters_kind")),
        sa.CheckConstraint(f"status IN {STATES}", name=op.f("ck_letters_status")),
        sa.CheckConstraint(f"signed_how IN {SIGNED_HOW}", name=op.f("ck_letters_signed_how")),
        sa.CheckConstraint("(signed_how IS NULL) = (signed_on IS NULL)", name=op.f("ck_letters_signature_is_whole")),
        sa.CheckConstraint(
            "case_id IS NOT NULL OR kind = 'spt'", name=op.f("ck_letters_only_an_order_has_no_case")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_letters_case_id")),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_letters_company_id")),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_letters_file_id")),
        sa.ForeignKeyConstraint(["signed_file_id"], ["files.id"], name=op.f("fk_letters_signed_file_id")),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["users.id"], name=op.f("fk_letters_drafted_by_id")),
        sa.ForeignKeyConstraint(["approved_by_id"], ["users.id"], name=op.f("fk_letters_approved_by_id")),
        sa.ForeignKeyConstraint(["replaces_id"], ["letters.id"], name=op.f("fk_letters_replaces_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint("number", "kind", name=op.f("uq_letters_number_kind")),
        sa.UniqueConstraint("code", name=op.f("uq_letters_code")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_letters_file_id", "letters", ["file_id"])
    op.create_index("ix_letters_signed_file_id", "letters", ["signed_file_id"])
    op.create_index("ix_letters_replaces_id", "letters", ["replaces_id"])
    op.create_index("ix_letters_case_id_id", "letters", ["case_id", "id"])
    op.create_index("ix_letters_company_id_id", "letters", ["company_id", "id"])
    op.create_index("ix_letters_unset", "letters", ["id"], sqlite_where=UNSET, postgresql_where=UNSET)
    op.create_index("ix_letters_waiting", "letters", ["id"], sqlite_where=WAITING, postgresql_where=WAITING)
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(10), nullable=False),
        sa.Column("served_on", sa.Date(), nullable=False),
        sa.Column("receiver", sa.String(200)),
        sa.Column("receiver_position", sa.String(100)),
        sa.Column("witness", sa.String(200)),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("why_not", sa.String(200)),
        sa.Column("restarts", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("how IN ('hand', 'post', 'email', 'refused')", name=op.f("ck_deliveries_how")),
        sa.CheckConstraint(
            "NOT counts OR receiver IS NOT NULL OR how = 'refused'", name=op.f("ck_deliveries_counted_has_receiver")
        ),
        sa.CheckConstraint(
            "how <> 'refused' OR witness IS NOT NULL", name=op.f("ck_deliveries_refusal_has_witness")
        ),
        sa.CheckConstraint("counts OR why_not IS NOT NULL", name=op.f("ck_deliveries_attempt_says_why_not")),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name=op.f("fk_deliveries_letter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_deliveries_letter_id_id", "deliveries", ["letter_id", "id"])
    op.create_table(
        "letter_wordings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("paragraphs", sa.JSON(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Integer()),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"kind IN {KINDS}", name=op.f("ck_letter_wordings_kind")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_letter_wordings_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_wordings")),
        sa.UniqueConstraint("kind", "version", name=op.f("uq_letter_wordings_kind_version")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_letter_wordings_kind_valid_from", "letter_wordings", ["kind", "valid_from", "version"]
    )
    op.create_table(
        "signatories",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("rank", sa.String(100)),
        sa.Column("nip", sa.String(30)),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date()),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_signatories_until_after_from")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatories")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_signatories_from_on_id", "signatories", ["from_on", "id"])


def downgrade() -> None:
    op.drop_table("signatories")
    op.drop_table("letter_wordings")
    op.drop_table("deliveries")
    op.drop_table("letters")
    op.drop_column("users", "position")
    op.drop_column("users", "rank")
    op.drop_column("users", "nip")
