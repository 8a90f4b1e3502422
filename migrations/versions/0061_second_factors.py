"""Second factors: apps, passkeys, recovery codes, remembered devices, what sessions know of them, when
somebody last signed in, and who opened what.
"""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def _owner(table: str) -> sa.Column:
    return sa.Column(
        "user_id",
        sa.Integer(),
        sa.ForeignKey("users.id", name=op.f(f"fk_{table}_user_id")),
        nullable=False,
    )


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "factors",
        sa.Column("id", sa.Integer(), primary_key=True),
        _owner("factors"),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("secret", sa.Text()),
        sa.Column("last_step", sa.Integer()),
        sa.Column("credential_id", sa.String(1400)),
        sa.Column("public_key", sa.Text()),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("last_used_at", instant),
        sa.Column("removed_at", instant),
        sa.UniqueConstraint("credential_id", name=op.f("uq_factors_credential_id")),
        sa.CheckConstraint("kind IN ('app', 'passkey')", name=op.f("ck_factors_kind")),
        sa.CheckConstraint(
            "kind <> 'app' OR secret IS NOT NULL", name=op.f("ck_factors_app_has_a_secret")
        ),
        sa.CheckConstraint(
            "kind <> 'passkey' OR (credential_id IS NOT NULL AND public_key IS NOT NULL)",
            name=op.f("ck_factors_passkey_has_a_key"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_factors_user_id"), "factors", ["user_id"])
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Integer(), primary_key=True),
        _owner("recovery_codes"),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("used_at", instant),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_codes_code_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_recovery_codes_user_id"), "recovery_codes", ["user_id"])
    op.create_table(
        "remembered_devices",
        sa.Column("id", sa.Integer(), primary_key=True),
        _owner("remembered_devices"),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("device", sa.String(200), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("expires_at", instant, nullable=False),
        sa.Column("ended_at", instant),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_remembered_devices_secret_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_remembered_devices_user_id"), "remembered_devices", ["user_id"])
    op.create_table(
        "factor_resets",
        sa.Column("id", sa.Integer(), primary_key=True),
        _owner("factor_resets"),
        sa.Column(
            "asked_by_id",
            sa.Integer(),
            sa.ForeignKey("users.id", name=op.f("fk_factor_resets_asked_by_id")),
            nullable=False,
        ),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("asked_at", instant, nullable=False),
        sa.Column("expires_at", instant, nullable=False),
        sa.Column("settled_at", instant),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_factor_resets_user_id"), "factor_resets", ["user_id"])
    op.create_table(
        "readings",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(200), nullable=False),
        _owner("readings"),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("what", sa.String(80), nullable=False),
        sa.Column("page", sa.String(100), nullable=False),
        sa.Column("channel", sa.String(10)),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.UniqueConstraint("key", name=op.f("uq_readings_key")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_readings_page_id", "readings", ["page", "id"])
    op.create_index("ix_readings_day", "readings", ["day"])
    op.create_index("ix_readings_user_id_kind_id", "readings", ["user_id", "kind", "id"])
    op.add_column("users", sa.Column("factor_since", instant))
    op.add_column("users", sa.Column("last_used_at", instant))
    op.add_column("users", sa.Column("factor_asked_at", instant))
    op.add_column(
        "sign_ins",
        sa.Column("awaits_factor", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("sign_ins", sa.Column("confirmed_at", instant))


def downgrade() -> None:
    op.drop_column("sign_ins", "confirmed_at")
    op.drop_column("sign_ins", "awaits_factor")
    op.drop_column("users", "factor_asked_at")
    op.drop_column("users", "last_used_at")
    op.drop_column("users", "factor_since")
    for table in ("readings", "factor_resets", "remembered_devices", "recovery_codes", "factors"):
        op.drop_table(table)
