"""Letterheads of offices; in which capacity and for which office a person signs."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "letterheads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("government", sa.String(200), nullable=False),
        sa.Column("office", sa.String(300), nullable=False),
        sa.Column("details", sa.String(400)),
        sa.Column("paper", sa.String(2), nullable=False),
        sa.Column("font", sa.String(100)),
        sa.Column("font_size", sa.Integer(), nullable=False),
        sa.Column("margin_top", sa.Integer(), nullable=False),
        sa.Column("margin_right", sa.Integer(), nullable=False),
        sa.Column("margin_bottom", sa.Integer(), nullable=False),
        sa.Column("margin_left", sa.Integer(), nullable=False),
        sa.Column("crest_id", sa.Integer()),
        sa.CheckConstraint("paper IN ('a4', 'f4')", name=op.f("ck_letterheads_paper")),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_letterheads_office_id")),
        sa.ForeignKeyConstraint(["crest_id"], ["files.id"], name=op.f("fk_letterheads_crest_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letterheads")),
        sa.UniqueConstraint("office_id", "from_on", name=op.f("uq_letterheads_office_id_from_on")),
        sqlite_autoincrement=True,
    )
    _let_signatories_say_more()
    _say_what_the_titles_say()


def _let_signatories_say_more() -> None:
    """SQLite copies the table, to which no other refers, and still gives no id twice."""
    with op.batch_alter_table(
        "signatories", table_kwargs={"sqlite_autoincrement": True}
    ) as signatories:
        signatories.add_column(sa.Column("office_id", sa.Integer()))
        signatories.add_column(
            sa.Column("capacity", sa.String(12), nullable=False, server_default="definitive")
        )
        signatories.add_column(sa.Column("on_behalf_of", sa.String(100)))
        signatories.add_column(
            sa.Column("used", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        signatories.create_foreign_key(
            op.f("fk_signatories_office_id"), "offices", ["office_id"], ["id"]
        )
        signatories.create_check_constraint(
            op.f("ck_signatories_capacity"), "capacity IN ('definitive', 'plt', 'plh', 'an')"
        )
        signatories.create_check_constraint(
            op.f("ck_signatories_on_behalf_of_whom"), "(capacity = 'an') = (on_behalf_of IS NOT NULL)"
        )


def _say_what_the_titles_say() -> None:
    """Whoever has "Plt." in the title acts; whoever signed a letter can no longer be changed."""
    signatories = sa.table(
        "signatories",
        *map(sa.column, ("title", "capacity", "from_on", "until_on")),
        sa.column("used", sa.Boolean),
    )
    letters = sa.table("letters", sa.column("issued_on"))
    for capacity in ("plt", "plh"):
        titled = sa.func.lower(signatories.c.title).like(f"{capacity}.%")
        op.execute(signatories.update().where(titled).values(capacity=capacity))
    in_office = sa.and_(
        letters.c.issued_on >= signatories.c.from_on,
        sa.or_(signatories.c.until_on.is_(None), letters.c.issued_on <= signatories.c.until_on),
    )
    signed = sa.exists(sa.select(sa.literal(1)).select_from(letters).where(in_office))
    op.execute(signatories.update().where(signed).values(used=True))


def downgrade() -> None:
    with op.batch_alter_table(
        "signatories", table_kwargs={"sqlite_autoincrement": True}
    ) as signatories:
        signatories.drop_constraint(op.f("ck_signatories_on_behalf_of_whom"), type_="check")
        signatories.drop_constraint(op.f("ck_signatories_capacity"), type_="check")
        signatories.drop_constraint(op.f("fk_signatories_office_id"), type_="foreignkey")
        for column in ("used", "on_behalf_of", "capacity", "office_id"):
            signatories.drop_column(column)
    op.drop_table("letterheads")
