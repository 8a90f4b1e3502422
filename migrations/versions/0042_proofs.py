"""Proofs of membership as fields, which flag they lifted, and the letters of BPJS that were filed."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "membership_proofs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer()),
        sa.Column("npp", sa.String(20), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("programmes", sa.JSON(), nullable=False),
        sa.Column("workers", sa.Integer(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("checked_by", sa.String(200), nullable=False),
        sa.Column("certificate", sa.String(100)),
        sa.Column("certificate_on", sa.Date()),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(200), nullable=False),
        sa.CheckConstraint("workers > 0", name=op.f("ck_membership_proofs_workers")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_membership_proofs_case_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_membership_proofs_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_proofs")),
        sa.UniqueConstraint("visit_id", name=op.f("uq_membership_proofs_visit_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_membership_proofs_case_id_id", "membership_proofs", ["case_id", "id"])
    op.add_column(
        "flags",
        sa.Column(
            "lift_proof_id",
            sa.Integer(),
            sa.ForeignKey("membership_proofs.id", name=op.f("fk_flags_lift_proof_id")),
        ),
        inline_references=True,
    )
    op.create_table(
        "bpjs_letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("flag_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("received_on", sa.Date()),
        sa.Column("evidence_id", sa.Integer()),
        sa.CheckConstraint("kind IN ('request', 'lifting')", name=op.f("ck_bpjs_letters_kind")),
        sa.ForeignKeyConstraint(["flag_id"], ["flags.id"], name=op.f("fk_bpjs_letters_flag_id")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_bpjs_letters_evidence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bpjs_letters")),
        sa.UniqueConstraint("flag_id", "kind", name=op.f("uq_bpjs_letters_flag_id_kind")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("bpjs_letters")
    op.drop_column("flags", "lift_proof_id")
    op.drop_table("membership_proofs")
