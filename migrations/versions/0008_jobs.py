"""Why jobs failed, and which of them were sent to the fleet."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def of_a_job(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_job_id")
    return sa.ForeignKeyConstraint(["job_id"], ["procrastinate_jobs.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "job_failures",
        sa.Column("job_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("length(error) <= 100", name=op.f("ck_job_failures_error")),
        sa.CheckConstraint("length(message) <= 500", name=op.f("ck_job_failures_message")),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_job_failures")),
        of_a_job("job_failures"),
    )
    op.create_table(
        "forwarded_jobs",
        sa.Column("job_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_forwarded_jobs")),
        of_a_job("forwarded_jobs"),
    )
    # asked for by every health check, while the queue may be long
    op.execute(
        "CREATE INDEX ix_procrastinate_jobs_parked ON procrastinate_jobs (id) WHERE status IN ('failed', 'aborted')"
    )
