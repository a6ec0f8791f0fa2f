"""Alembic's entry: runs on the connection that `mercat.kit.migrations` gives, or on MERCAT_DATABASE_URL for developers."""

from alembic import context
from alembic.operations.ops import MigrationScript
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, create_engine, make_url

from mercat.kit.database import DatabaseSettings
from mercat.tables import metadata

OTHERS = "procrastinate_"


def ours(name: str | None, kind: str, _parents: object) -> bool:
    """Leave the job queue's own tables to its own schema."""
    return not (kind == "table" and name is not None and name.startswith(OTHERS))


def made_by_us(_thing: object, name: str | None, kind: str, _reflected: object, _compared: object) -> bool:
    """Leave out the job queue's table that ours refer to."""
    return ours(name, kind, None)


def numbered(made: MigrationContext, _revisions: object, directives: list[MigrationScript]) -> None:
    """Give a new revision the number after the last: they are one line."""
    for script in directives:
        script.rev_id = f"{int(made.get_current_revision() or 0) + 1:04d}"


def run(connection: Connection) -> None:
    """Migrate in one transaction a revision."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_name=ours,
        include_object=made_by_us,
        compare_server_default=False,
        process_revision_directives=numbered,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    url = make_url(DatabaseSettings().database_url).set(drivername="postgresql+psycopg")
    with create_engine(url).connect() as own:
        run(own)
