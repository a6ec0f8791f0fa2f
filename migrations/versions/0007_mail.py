"""One welcome for each account."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "uq_mails_one_welcome", "mails", ["user_id"], unique=True, postgresql_where=sa.text("kind = 'welcome'")
    )


def downgrade() -> None:
    op.drop_index("uq_mails_one_welcome", "mails")
