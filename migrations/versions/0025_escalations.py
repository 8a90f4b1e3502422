"""What was brought before the supervisors, and what they answered."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)
OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "escalations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_by", sa.String(200), nullable=False),
        sa.Column("asked_at", UTC, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("closed_by", sa.String(200), nullable=True),
        sa.Column("closed_at", UTC, nullable=True),
        sa.ForeignKeyConstraint(["asked_by_id"], ["users.id"], name="fk_escalations_asked_by_id_users"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_escalations_case_id_cases"),
        sa.PrimaryKeyConstraint("id", name="pk_escalations"),
    )
    op.create_index("ix_escalations_case_id_id", "escalations", ["case_id", "id"])
    op.create_index(
        "uq_escalations_open",
        "escalations",
        ["case_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index(
        "ix_escalations_open_asked_at",
        "escalations",
        ["asked_at", "id"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index("ix_escalations_closed_at_id", "escalations", ["closed_at", "id"])
    # Those of before: their events say who asked what.
    op.execute(
        """
        INSERT INTO escalations (case_id, asked_by_id, asked_by, asked_at, reason)
        SELECT cases.id, events.actor_id, events.actor_name, events.at, coalesce(events.reason, '')
        FROM cases JOIN events ON events.id = (
            SELECT max(last.id) FROM events AS last
            WHERE last.case_id = cases.id AND last.kind = 'case.escalated'
        )
        WHERE cases.escalated_on IS NOT NULL AND cases.status IN ('in_remedy', 'recheck_due')
        """
    )
    op.execute(
        "UPDATE cases SET escalated_on = NULL WHERE escalated_on IS NOT NULL"
        " AND status NOT IN ('in_remedy', 'recheck_due')"
    )


def downgrade() -> None:
    op.drop_table("escalations")
