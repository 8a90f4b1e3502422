"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "beats",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("process", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_beats")),
    )
    op.create_table(
        "companies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("region_code", sa.String(length=13), nullable=False),
        sa.Column("nib", sa.String(length=13), nullable=True),
        sa.Column("npwp", sa.String(length=16), nullable=True),
        sa.Column("npwp_core", sa.String(length=16), nullable=True),
        sa.Column("npp", sa.String(length=20), nullable=True),
        sa.Column("kbli", sa.String(length=5), nullable=True),
        sa.Column("kbli_version", sa.Integer(), nullable=True),
        sa.Column("scale", sa.String(length=10), nullable=True),
        sa.Column("scale_evidence", sa.String(length=200), nullable=True),
        sa.Column("address", sa.String(length=500), nullable=True),
        sa.Column("phone", sa.String(length=60), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("workers_total", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("scale IN ('micro', 'small', 'medium', 'large')", name=op.f("ck_companies_scale")),
        sa.CheckConstraint("workers_total >= 0", name=op.f("ck_companies_workers_total")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_companies")),
        sa.UniqueConstraint("nib", name=op.f("uq_companies_nib")),
        sa.UniqueConstraint("npp", name=op.f("uq_companies_npp")),
        sa.UniqueConstraint("npwp", name=op.f("uq_companies_npwp")),
    )
    with op.batch_alter_table("companies", schema=None) as batch_op:
        batch_op.create_index("ix_companies_name_key_id", ["name_key", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_companies_npwp_core"), ["npwp_core"], unique=False)
        batch_op.create_index(batch_op.f("ix_companies_region_code"), ["region_code"], unique=False)

    op.create_table(
        "counters",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", "year", name=op.f("pk_counters")),
    )
    op.create_table(
        "event_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        sa.Column("last_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_head")),
    )
    op.create_table(
        "events",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(length=80), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("seen_version", sa.Integer(), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index("ix_events_actor_id_id", ["actor_id", "id"], unique=False)
        batch_op.create_index("ix_events_at", ["at"], unique=False)
        batch_op.create_index("ix_events_case_id_id", ["case_id", "id"], unique=False)
        batch_op.create_index("ix_events_company_id_id", ["company_id", "id"], unique=False)
        batch_op.create_index("ix_events_kind_id", ["kind", "id"], unique=False)

    op.create_table(
        "holidays",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.CheckConstraint("kind IN ('public', 'joint_leave', 'office')", name=op.f("ck_holidays_kind")),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_holidays")),
    )
    op.create_table(
        "job_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("did", sa.JSON(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_runs")),
    )
    with op.batch_alter_table("job_runs", schema=None) as batch_op:
        batch_op.create_index("ix_job_runs_name_id", ["name", "id"], unique=False)

    op.create_table(
        "job_states",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("did", sa.JSON(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_states")),
    )
    op.create_table(
        "offices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("region_code", sa.String(length=13), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("legal_basis", sa.String(length=500), nullable=True),
        sa.Column("address", sa.String(length=500), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('inspectorate', 'licensing')", name=op.f("ck_offices_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offices")),
        sa.UniqueConstraint("code", name=op.f("uq_offices_code")),
    )
    with op.batch_alter_table("offices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offices_region_code"), ["region_code"], unique=False)

    op.create_table(
        "settings",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_settings")),
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempts")),
    )
    with op.batch_alter_table("sign_in_attempts", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_attempts_who_at", ["who", "at"], unique=False)

    op.create_table(
        "violations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("norm_group", sa.String(length=30), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("title_en", sa.String(length=300), nullable=False),
        sa.Column("legal_basis", sa.String(length=500), nullable=False),
        sa.Column("order", sa.Text(), nullable=False),
        sa.Column("order_en", sa.Text(), nullable=False),
        sa.Column("evidence", sa.String(length=500), nullable=False),
        sa.Column("evidence_en", sa.String(length=500), nullable=False),
        sa.Column("sanction", sa.String(length=20), nullable=False),
        sa.Column("sanction_note", sa.String(length=500), nullable=False),
        sa.Column("sanction_note_en", sa.String(length=500), nullable=False),
        sa.Column("default_days", sa.Integer(), nullable=False),
        sa.Column("special_note", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "sanction IN ('administrative', 'criminal', 'none')", name=op.f("ck_violations_sanction")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_violations")),
        sa.UniqueConstraint("code", "valid_from", name=op.f("uq_violations_code_valid_from")),
    )
    with op.batch_alter_table("violations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_violations_code"), ["code"], unique=False)

    op.create_table(
        "company_names",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.CheckConstraint("kind IN ('current', 'former', 'alias')", name=op.f("ck_company_names_kind")),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_company_names_company_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company_names")),
        sa.UniqueConstraint("company_id", "kind", "name", name=op.f("uq_company_names_company_id_kind_name")),
    )
    with op.batch_alter_table("company_names", schema=None) as batch_op:
        batch_op.create_index("ix_company_names_key_company_id", ["key", "company_id"], unique=False)

    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("wants_email", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("language IN ('id', 'en')", name=op.f("ck_users_language")),
        sa.CheckConstraint(
            "role <> 'licensing' OR office_id IS NOT NULL", name=op.f("ck_users_licensing_has_office")
        ),
        sa.CheckConstraint(
            "role IN ('inspector', 'supervisor', 'compliance', 'licensing', 'admin')",
            name=op.f("ck_users_role"),
        ),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_users_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_users_office_id"), ["office_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_users_role"), ["role"], unique=False)

    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_api_tokens_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_api_tokens_secret_hash")),
    )
    with op.batch_alter_table("api_tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_tokens_user_id"), ["user_id"], unique=False)

    op.create_table(
        "cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("draft_key", sa.String(length=36), nullable=True),
        sa.Column("draft", sa.JSON(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("inspector_id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(length=13), nullable=False),
        sa.Column("workers_total", sa.Integer(), nullable=True),
        sa.Column("workers_registered", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("due_why", sa.JSON(), nullable=True),
        sa.Column("extended_on", sa.Date(), nullable=True),
        sa.Column("next_step_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("step_error", sa.Text(), nullable=True),
        sa.Column("escalated_on", sa.Date(), nullable=True),
        sa.Column("unresolved_on", sa.Date(), nullable=True),
        sa.Column("resolved_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(status = 'draft') = (number IS NULL)", name=op.f("ck_cases_issued_has_number")),
        sa.CheckConstraint(
            "(status = 'resolved') = (resolved_on IS NOT NULL)", name=op.f("ck_cases_resolved_has_date")
        ),
        sa.CheckConstraint(
            "(status = 'withdrawn') = (withdrawn_on IS NOT NULL)", name=op.f("ck_cases_withdrawn_has_date")
        ),
        sa.CheckConstraint(
            "next_step_at IS NULL OR status IN ('in_remedy', 'recheck_due')",
            name=op.f("ck_cases_next_step_only_while_awaiting"),
        ),
        sa.CheckConstraint(
            "status = 'draft' OR effective_on IS NOT NULL", name=op.f("ck_cases_issued_has_due_date")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'in_remedy', 'recheck_due', 'unresolved', 'resolved', 'withdrawn')",
            name=op.f("ck_cases_status"),
        ),
        sa.CheckConstraint("effective_on >= due_on", name=op.f("ck_cases_effective_not_before_due")),
        sa.CheckConstraint("workers_registered <= workers_total", name=op.f("ck_cases_workers")),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_cases_company_id")),
        sa.ForeignKeyConstraint(["inspector_id"], ["users.id"], name=op.f("fk_cases_inspector_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("draft_key", name=op.f("uq_cases_draft_key")),
        sa.UniqueConstraint("number", name=op.f("uq_cases_number")),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index(
            "ix_cases_awaiting",
            ["effective_on", "id"],
            unique=False,
            sqlite_where=sa.text("status IN ('in_remedy', 'recheck_due')"),
            postgresql_where=sa.text("status IN ('in_remedy', 'recheck_due')"),
        )
        batch_op.create_index(
            "ix_cases_awaiting_by_inspector",
            ["inspector_id", "effective_on", "id"],
            unique=False,
            sqlite_where=sa.text("status IN ('in_remedy', 'recheck_due')"),
            postgresql_where=sa.text("status IN ('in_remedy', 'recheck_due')"),
        )
        batch_op.create_index(
            "ix_cases_awaiting_by_region",
            ["region_code", "effective_on", "id"],
            unique=False,
            sqlite_where=sa.text("status IN ('in_remedy', 'recheck_due')"),
            postgresql_where=sa.text("status IN ('in_remedy', 'recheck_due')"),
        )
        batch_op.create_index(batch_op.f("ix_cases_company_id"), ["company_id"], unique=False)
        batch_op.create_index(
            "ix_cases_inspector_id_status_effective_on",
            ["inspector_id", "status", "effective_on"],
            unique=False,
        )
        batch_op.create_index(
            "ix_cases_next_step_at",
            ["next_step_at"],
            unique=False,
            sqlite_where=sa.text("next_step_at IS NOT NULL AND step_error IS NULL"),
            postgresql_where=sa.text("next_step_at IS NOT NULL AND step_error IS NULL"),
        )
        batch_op.create_index(
            "ix_cases_region_code_status_effective_on",
            ["region_code", "status", "effective_on"],
            unique=False,
        )
        batch_op.create_index(
            "ix_cases_status_effective_on_id", ["status", "effective_on", "id"], unique=False
        )
        batch_op.create_index(
            "ix_cases_step_error",
            ["id"],
            unique=False,
            sqlite_where=sa.text("step_error IS NOT NULL"),
            postgresql_where=sa.text("step_error IS NOT NULL"),
        )

    op.create_table(
        "idempotent_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_idempotent_answers_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotent_answers")),
        sa.UniqueConstraint("user_id", "key", name=op.f("uq_idempotent_answers_user_id_key")),
    )
    with op.batch_alter_table("idempotent_answers", schema=None) as batch_op:
        batch_op.create_index("ix_idempotent_answers_created_at", ["created_at"], unique=False)

    op.create_table(
        "licence_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("receipt", sa.String(length=30), nullable=False),
        sa.Column("asked", sa.String(length=200), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("application", sa.String(length=100), nullable=True),
        sa.Column("decision", sa.String(length=30), nullable=True),
        sa.Column("decision_note", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(verdict = 'unknown') = (company_id IS NULL)",
            name=op.f("ck_licence_checks_unknown_has_no_company"),
        ),
        sa.CheckConstraint(
            "decision IN ('postponed', 'issued', 'issued_despite_hold', 'refused', 'unrelated')",
            name=op.f("ck_licence_checks_decision"),
        ),
        sa.CheckConstraint(
            "verdict IN ('hold', 'caution', 'clear', 'unknown')", name=op.f("ck_licence_checks_verdict")
        ),
        sa.CheckConstraint(
            "(decision IS NULL) = (decided_at IS NULL)", name=op.f("ck_licence_checks_decision_is_whole")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_licence_checks_by_id")),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_licence_checks_company_id")),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_licence_checks_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence_checks")),
        sa.UniqueConstraint("receipt", name=op.f("uq_licence_checks_receipt")),
    )
    with op.batch_alter_table("licence_checks", schema=None) as batch_op:
        batch_op.create_index("ix_licence_checks_by_id_id", ["by_id", "id"], unique=False)
        batch_op.create_index("ix_licence_checks_company_id_id", ["company_id", "id"], unique=False)

    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "channel <> 'email' OR address IS NOT NULL", name=op.f("ck_messages_email_has_address")
        ),
        sa.CheckConstraint(
            "channel <> 'inbox' OR user_id IS NOT NULL", name=op.f("ck_messages_inbox_has_reader")
        ),
        sa.CheckConstraint("channel IN ('inbox', 'email')", name=op.f("ck_messages_channel")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_messages_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("key", name=op.f("uq_messages_key")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index("ix_messages_case_id_id", ["case_id", "id"], unique=False)
        batch_op.create_index(
            "ix_messages_given_up_at",
            ["given_up_at"],
            unique=False,
            sqlite_where=sa.text("given_up_at IS NOT NULL"),
            postgresql_where=sa.text("given_up_at IS NOT NULL"),
        )
        batch_op.create_index("ix_messages_kind_id", ["kind", "id"], unique=False)
        batch_op.create_index(
            "ix_messages_next_try_at",
            ["next_try_at"],
            unique=False,
            sqlite_where=sa.text("next_try_at IS NOT NULL"),
            postgresql_where=sa.text("next_try_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_messages_unread",
            ["user_id", "id"],
            unique=False,
            sqlite_where=sa.text("channel = 'inbox' AND read_at IS NULL"),
            postgresql_where=sa.text("channel = 'inbox' AND read_at IS NULL"),
        )
        batch_op.create_index("ix_messages_user_id_id", ["user_id", "id"], unique=False)

    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sign_ins_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_sign_ins_secret_hash")),
    )
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_ins_user_id"), ["user_id"], unique=False)

    op.create_table(
        "flags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(length=13), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("letter_number", sa.String(length=100), nullable=True),
        sa.Column("letter_on", sa.Date(), nullable=True),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_by", sa.String(length=200), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.String(length=200), nullable=True),
        sa.Column("lift_reason", sa.JSON(), nullable=True),
        sa.Column("lift_proof", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "level <> 'sanction' OR letter_number IS NOT NULL", name=op.f("ck_flags_sanction_has_letter")
        ),
        sa.CheckConstraint("level IN ('warning', 'hold', 'sanction')", name=op.f("ck_flags_level")),
        sa.CheckConstraint(
            "lifted_at IS NULL OR lift_reason IS NOT NULL", name=op.f("ck_flags_lift_has_reason")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_flags_case_id")),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_flags_company_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flags")),
    )
    with op.batch_alter_table("flags", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_flags_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            "ix_flags_company_id",
            ["company_id"],
            unique=False,
            sqlite_where=sa.text("lifted_at IS NULL"),
            postgresql_where=sa.text("lifted_at IS NULL"),
        )
        batch_op.create_index("ix_flags_region_code_id", ["region_code", "id"], unique=False)
        batch_op.create_index(
            "uq_flags_active",
            ["case_id", "level"],
            unique=True,
            sqlite_where=sa.text("lifted_at IS NULL"),
            postgresql_where=sa.text("lifted_at IS NULL"),
        )

    op.create_table(
        "notas",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=2), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("inspector_id", sa.Integer(), nullable=False),
        sa.Column("inspected_on", sa.Date(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("conveyed_on", sa.Date(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("received_by", sa.String(length=200), nullable=True),
        sa.Column("company_name", sa.String(length=200), nullable=False),
        sa.Column("workers_total", sa.Integer(), nullable=False),
        sa.Column("workers_registered", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=True),
        sa.Column("met", sa.String(length=200), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint("kind IN ('I', 'II')", name=op.f("ck_notas_kind")),
        sa.CheckConstraint(
            "(received_on IS NULL) = (received_by IS NULL)", name=op.f("ck_notas_receipt_is_whole")
        ),
        sa.CheckConstraint("issued_on >= inspected_on", name=op.f("ck_notas_issued_after_inspection")),
        sa.CheckConstraint("received_on >= issued_on", name=op.f("ck_notas_received_after_issue")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_notas_case_id")),
        sa.ForeignKeyConstraint(["inspector_id"], ["users.id"], name=op.f("fk_notas_inspector_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notas")),
        sa.UniqueConstraint("number", name=op.f("uq_notas_number")),
    )
    with op.batch_alter_table("notas", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notas_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_notas_inspector_id_issued_on", ["inspector_id", "issued_on"], unique=False)

    op.create_table(
        "visits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("workers_registered", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('complied', 'partly_complied', 'not_complied', 'not_met')",
            name=op.f("ck_visits_outcome"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_visits_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_visits_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
    )
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visits_case_id"), ["case_id"], unique=False)

    op.create_table(
        "acknowledgements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("flag_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_acknowledgements_by_id")),
        sa.ForeignKeyConstraint(["flag_id"], ["flags.id"], name=op.f("fk_acknowledgements_flag_id")),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_acknowledgements_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acknowledgements")),
        sa.UniqueConstraint("flag_id", "office_id", name=op.f("uq_acknowledgements_flag_id_office_id")),
    )
    op.create_table(
        "findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("nota_id", sa.Integer(), nullable=False),
        sa.Column("violation_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("programmes", sa.JSON(), nullable=False),
        sa.Column("workers_affected", sa.Integer(), nullable=True),
        sa.Column("deadline_days", sa.Integer(), nullable=False),
        sa.Column("deadline_day_type", sa.String(length=10), nullable=False),
        sa.Column("deadline_on", sa.Date(), nullable=True),
        sa.Column("fixed_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "deadline_day_type IN ('calendar', 'working')", name=op.f("ck_findings_deadline_day_type")
        ),
        sa.CheckConstraint("deadline_days BETWEEN 1 AND 365", name=op.f("ck_findings_deadline_days")),
        sa.CheckConstraint("workers_affected >= 0", name=op.f("ck_findings_workers_affected")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_findings_case_id")),
        sa.ForeignKeyConstraint(["nota_id"], ["notas.id"], name=op.f("fk_findings_nota_id")),
        sa.ForeignKeyConstraint(["violation_id"], ["violations.id"], name=op.f("fk_findings_violation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
    )
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_findings_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_findings_nota_id"), ["nota_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_findings_nota_id"))
        batch_op.drop_index(batch_op.f("ix_findings_case_id"))

    op.drop_table("findings")
    op.drop_table("acknowledgements")
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visits_case_id"))

    op.drop_table("visits")
    with op.batch_alter_table("notas", schema=None) as batch_op:
        batch_op.drop_index("ix_notas_inspector_id_issued_on")
        batch_op.drop_index(batch_op.f("ix_notas_case_id"))

    op.drop_table("notas")
    with op.batch_alter_table("flags", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_flags_active",
            sqlite_where=sa.text("lifted_at IS NULL"),
            postgresql_where=sa.text("lifted_at IS NULL"),
        )
        batch_op.drop_index("ix_flags_region_code_id")
        batch_op.drop_index(
            "ix_flags_company_id",
            sqlite_where=sa.text("lifted_at IS NULL"),
            postgresql_where=sa.text("lifted_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_flags_case_id"))

    op.drop_table("flags")
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_ins_user_id"))

    op.drop_table("sign_ins")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index("ix_messages_user_id_id")
        batch_op.drop_index(
            "ix_messages_unread",
            sqlite_where=sa.text("channel = 'inbox' AND read_at IS NULL"),
            postgresql_where=sa.text("channel = 'inbox' AND read_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_messages_next_try_at",
            sqlite_where=sa.text("next_try_at IS NOT NULL"),
            postgresql_where=sa.text("next_try_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_messages_kind_id")
        batch_op.drop_index(
            "ix_messages_given_up_at",
            sqlite_where=sa.text("given_up_at IS NOT NULL"),
            postgresql_where=sa.text("given_up_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_messages_case_id_id")

    op.drop_table("messages")
    with op.batch_alter_table("licence_checks", schema=None) as batch_op:
        batch_op.drop_index("ix_licence_checks_company_id_id")
        batch_op.drop_index("ix_licence_checks_by_id_id")

    op.drop_table("licence_checks")
    with op.batch_alter_table("idempotent_answers", schema=None) as batch_op:
        batch_op.drop_index("ix_idempotent_answers_created_at")

    op.drop_table("idempotent_answers")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_cases_step_error",
            sqlite_where=sa.text("step_error IS NOT NULL"),
            postgresql_where=sa.text("step_error IS NOT NULL"),
        )
        batch_op.drop_index("ix_cases_status_effective_on_id")
        batch_op.drop_index("ix_cases_region_code_status_effective_on")
        batch_op.drop_index(
            "ix_cases_next_step_at",
            sqlite_where=sa.text("next_step_at IS NOT NULL AND step_error IS NULL"),
            postgresql_where=sa.text("next_step_at IS NOT NULL AND step_error IS NULL"),
        )
        batch_op.drop_index("ix_cases_inspector_id_status_effective_on")
        batch_op.drop_index(batch_op.f("ix_cases_company_id"))
        batch_op.drop_index(
            "ix_cases_awaiting_by_region",
            sqlite_where=sa.text("status IN ('in_remedy', 'recheck_due')"),
            postgresql_where=sa.text("status IN ('in_remedy', 'recheck_due')"),
        )
        batch_op.drop_index(
            "ix_cases_awaiting_by_inspector",
            sqlite_where=sa.text("status IN ('in_remedy', 'recheck_due')"),
            postgresql_where=sa.text("status IN ('in_remedy', 'recheck_due')"),
        )
        batch_op.drop_index(
            "ix_cases_awaiting",
            sqlite_where=sa.text("status IN ('in_remedy', 'recheck_due')"),
            postgresql_where=sa.text("status IN ('in_remedy', 'recheck_due')"),
        )

    op.drop_table("cases")
    with op.batch_alter_table("api_tokens", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_tokens_user_id"))

    op.drop_table("api_tokens")
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_users_role"))
        batch_op.drop_index(batch_op.f("ix_users_office_id"))

    op.drop_table("users")
    with op.batch_alter_table("company_names", schema=None) as batch_op:
        batch_op.drop_index("ix_company_names_key_company_id")

    op.drop_table("company_names")
    with op.batch_alter_table("violations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_violations_code"))

    op.drop_table("violations")
    with op.batch_alter_table("sign_in_attempts", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_attempts_who_at")

    op.drop_table("sign_in_attempts")
    op.drop_table("settings")
    with op.batch_alter_table("offices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offices_region_code"))

    op.drop_table("offices")
    op.drop_table("job_states")
    with op.batch_alter_table("job_runs", schema=None) as batch_op:
        batch_op.drop_index("ix_job_runs_name_id")

    op.drop_table("job_runs")
    op.drop_table("holidays")
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_index("ix_events_kind_id")
        batch_op.drop_index("ix_events_company_id_id")
        batch_op.drop_index("ix_events_case_id_id")
        batch_op.drop_index("ix_events_at")
        batch_op.drop_index("ix_events_actor_id_id")

    op.drop_table("events")
    op.drop_table("event_head")
    op.drop_table("counters")
    with op.batch_alter_table("companies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_companies_region_code"))
        batch_op.drop_index(batch_op.f("ix_companies_npwp_core"))
        batch_op.drop_index("ix_companies_name_key_id")

    op.drop_table("companies")
    op.drop_table("beats")
