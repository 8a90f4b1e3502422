"""An office may answer a flag that nobody has applied for a permit."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

BEFORE = ("used", "not_ours")
ANSWERS = (*BEFORE, "no_request")


def upgrade() -> None:
    _let_answers_be(ANSWERS)


def downgrade() -> None:
    given = sa.table("acknowledgements", sa.column("answer", sa.String))
    op.execute(given.update().where(given.c.answer == "no_request").values(answer=None))
    _let_answers_be(BEFORE)


def _let_answers_be(answers: tuple[str, ...]) -> None:
    """SQLite copies the table, to which no other refers, and still gives no id twice."""
    name = op.f("ck_acknowledgements_answer")
    with op.batch_alter_table(
        "acknowledgements", table_kwargs={"sqlite_autoincrement": True}
    ) as acknowledgements:
        acknowledgements.drop_constraint(name, type_="check")
        acknowledgements.create_check_constraint(name, f"answer IN {answers}")
