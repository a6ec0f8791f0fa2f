"""Audit log; categories that are deleted can come back."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is only ever added to: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
"""
# a person at a time, and only by the function that says so
KEEP_PERSONAL = """
CREATE FUNCTION keep_personal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.person_id::text IS DISTINCT FROM current_setting('mercat.forgotten_person', true) THEN
        RAISE EXCEPTION 'rows of audit_personal go by audit_forget() alone' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN OLD;
END $$;
"""
FORGET = """
CREATE FUNCTION audit_forget(person uuid) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    gone bigint;
BEGIN
    PERFORM set_config('mercat.forgotten_person', person::text, true);
    DELETE FROM audit_personal WHERE person_id = person;
    GET DIAGNOSTICS gone = ROW_COUNT;
    PERFORM set_config('mercat.forgotten_person', '', true);
    RETURN gone;
END $$;
"""
# ALWAYS: a session that plays replica is no way around them
TRIGGERS = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER unchanged BEFORE UPDATE OR TRUNCATE ON audit_personal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER kept BEFORE DELETE ON audit_personal FOR EACH ROW EXECUTE FUNCTION keep_personal();
ALTER TABLE audit_log ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE audit_personal ENABLE ALWAYS TRIGGER unchanged;
ALTER TABLE audit_personal ENABLE ALWAYS TRIGGER kept;
"""


def upgrade() -> None:
    op.create_table(
        "audit_log",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=True),
        sa.Column("action", sa.Text(collation="C"), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=True),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(r"action ~ '^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$'", name=op.f("ck_audit_log_action")),
        sa.CheckConstraint("(actor_id IS NULL) <> (actor IS NULL)", name=op.f("ck_audit_log_one_actor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    op.create_index(op.f("ix_audit_log_at_id"), "audit_log", ["at", "id"])
    for column in ("actor_id", "actor"):
        op.create_index(
            f"ix_audit_log_{column}",
            "audit_log",
            [column, "at", "id"],
            postgresql_where=sa.text(f"{column} IS NOT NULL"),
        )
    for column in ("action", "target_id"):
        op.create_index(op.f(f"ix_audit_log_{column}_at_id"), "audit_log", [column, "at", "id"])
    op.create_index(
        "ix_audit_log_request_id", "audit_log", ["request_id"], postgresql_where=sa.text("request_id <> ''")
    )
    op.create_table(
        "audit_personal",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("ip", sa.Text(), nullable=True),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint("part IN ('actor', 'target')", name=op.f("ck_audit_personal_part")),
        sa.ForeignKeyConstraint(["entry_id"], ["audit_log.id"], name=op.f("fk_audit_personal_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", "part", name=op.f("pk_audit_personal")),
    )
    op.create_index(op.f("ix_audit_personal_person_id"), "audit_personal", ["person_id"])
    alive, deleted = sa.text("deleted_at IS NULL"), sa.text("deleted_at IS NOT NULL")
    op.add_column("categories", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_constraint("uq_categories_slug", "categories", type_="unique")
    op.create_index("uq_categories_slug", "categories", ["slug"], unique=True, postgresql_where=alive)
    op.create_index("ix_products_deleted_at", "products", ["deleted_at", "id"], postgresql_where=deleted)
    for statement in (REFUSE_CHANGE, KEEP_PERSONAL, FORGET, TRIGGERS):
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("an audit log is not thrown away: restore a backup instead")
