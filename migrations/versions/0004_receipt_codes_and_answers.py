"""A receipt has a code that proves it genuine; an office answers a flag; a TMP2T letter names its services."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SERVICES = ("business", "tender", "foreign_workers", "worker_supply", "building")


def upgrade() -> None:
    with op.batch_alter_table("licence_checks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("code", sa.String(length=10), nullable=True))
    _give_codes()
    with op.batch_alter_table("licence_checks", schema=None) as batch_op:
        batch_op.alter_column("code", existing_type=sa.String(length=10), nullable=False)
        batch_op.create_unique_constraint(op.f("uq_licence_checks_code"), ["code"])

    with op.batch_alter_table("acknowledgements", schema=None) as batch_op:
        batch_op.add_column(sa.Column("answer", sa.String(length=10), nullable=True))
        batch_op.create_check_constraint(op.f("ck_acknowledgements_answer"), "answer IN ('used', 'not_ours')")

    op.add_column("flags", sa.Column("services", sa.JSON(), nullable=True))
    flags = sa.table("flags", sa.column("level", sa.String), sa.column("services", sa.JSON))
    op.execute(flags.update().where(flags.c.level == "sanction").values(services=list(SERVICES)))


def _give_codes() -> None:
    """Every receipt given so far gets a code of its own, a thousand rows at a time."""
    checks = sa.table("licence_checks", sa.column("id", sa.Integer), sa.column("code", sa.String))
    given, connection, last = set(), op.get_bind(), 0
    name = checks.update().where(checks.c.id == sa.bindparam("row")).values(code=sa.bindparam("given"))
    while ids := connection.scalars(
        sa.select(checks.c.id).where(checks.c.id > last).order_by(checks.c.id).limit(1000)
    ).all():
        codes = []
        while len(codes) < len(ids):
            code = "".join(secrets.choice(ALPHABET) for _ in range(10))
            if code not in given:
                given.add(code)
                codes.append(code)
        connection.execute(name, [{"row": id, "given": code} for id, code in zip(ids, codes, strict=True)])
        last = ids[-1]


def downgrade() -> None:
    op.drop_column("flags", "services")
    with op.batch_alter_table("acknowledgements", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_acknowledgements_answer"), type_="check")
        batch_op.drop_column("answer")
    with op.batch_alter_table("licence_checks", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_licence_checks_code"), type_="unique")
        batch_op.drop_column("code")
