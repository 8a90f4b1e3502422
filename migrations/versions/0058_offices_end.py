"""An office ends on a day, and its work goes to a successor."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("offices", sa.Column("ended_on", sa.Date()))
    name = op.f("fk_offices_successor_id")
    if op.get_bind().dialect.name == "postgresql":  # a key within the column would bear another name
        op.add_column("offices", sa.Column("successor_id", sa.Integer()))
        op.create_foreign_key(name, "offices", "offices", ["successor_id"], ["id"])
    else:
        successor = sa.Column("successor_id", sa.Integer(), sa.ForeignKey("offices.id", name=name))
        op.add_column("offices", successor, inline_references=True)
    op.add_column("offices", sa.Column("successor_name", sa.String(200)))
    op.add_column("offices", sa.Column("handed_over_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("offices", "handed_over_at")
    op.drop_column("offices", "successor_name")
    op.drop_column("offices", "successor_id")
    op.drop_column("offices", "ended_on")
