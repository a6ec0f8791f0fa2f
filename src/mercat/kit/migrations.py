"""Bringing a database to the schema that this version needs, and saying what was done."""

from collections.abc import Callable
from pathlib import Path

import psycopg

HERE = Path(__file__).resolve()
# beside the package in a checkout, inside it in an installed wheel
FOLDER = next(
    folder
    for folder in (HERE.parents[3] / "migrations", HERE.parents[1] / "migrations")
    if (folder / "env.py").exists()
)


class UnknownRevisionError(RuntimeError):
    """A database has a revision that this version has no file of: another version made it."""


LOCK = 0x6D657263  # "merc": one migration at a time, whoever starts it


def revisions() -> set[str]:
    """Return every revision that this version has a file of."""
    return {file.name.split("_")[0] for file in (FOLDER / "versions").glob("[0-9]*.py")}


def head() -> str:
    """Return the newest revision; revisions are numbered, the history is one line."""
    return max(revisions())


def current(database_url: str) -> str | None:
    """Return the revision that a database has, or None for an empty one."""
    with psycopg.connect(database_url, connect_timeout=5, autocommit=True) as connection:
        if connection.execute("SELECT to_regclass('alembic_version')").fetchone() == (None,):
            return None
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return row[0] if row else None


def upgrade(database_url: str, *, say: Callable[[str], None] = lambda _: None) -> list[str]:
    """Run every migration that the database lacks, one transaction each; returns their revisions.

    Two processes that start at once wait for each other. An up-to-date database costs one query.

    Raises:
        UnknownRevisionError: This version cannot tell what the database lacks; nothing was changed.

    """
    found = current(database_url)
    if found == head():
        return []
    if found is not None and found not in revisions():
        raise UnknownRevisionError(
            f"the database is at revision {found}, which this version does not know: "
            "run the version that made it, or begin with an empty database"
        )
    # half a second of imports that a warm start never pays
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415
    from sqlalchemy import create_engine, make_url, text  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    engine = create_engine(make_url(database_url).set(drivername="postgresql+psycopg"))
    done: list[str] = []
    try:
        with engine.connect() as guard, engine.connect() as connection:
            guard.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK})
            before = current(database_url)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
            for script in reversed(
                list(ScriptDirectory.from_config(config).iterate_revisions("head", before or "base"))
            ):
                done.append(script.revision)
                say(f"migrated to {script.revision}: {script.doc.rstrip('.')}")
    finally:
        engine.dispose()
    return done
