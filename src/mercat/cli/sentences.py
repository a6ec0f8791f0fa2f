"""What an operator is told when a command cannot do its work: a sentence, and no trace of the inside.

Only what the world does to a command is caught here. A defect of ours keeps its traceback.
"""

import sys
from typing import Any

import typer
from typer.core import TyperGroup

from mercat.embedded import EngineError


class Commands(TyperGroup):
    """The commands, with failures of the world around them said in a sentence and exit code 1."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - the library keeps the types to itself
        """Run the command that was called."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            said = sentence_of(error)
            if said is None:
                raise
            typer.echo(f"error: {said}", err=True)
            raise typer.Exit(1) from None


def sentence_of(error: Exception) -> str | None:
    """Return what an operator is told of an error, or None if it is a defect."""
    if isinstance(error, EngineError):
        return str(error)
    if isinstance(error, OSError):
        reason = error.strerror or str(error)
        return reason if error.filename is None else f"{error.filename}: {reason}"
    # what was never imported was never raised, and `mercat --help` need not import it
    psycopg = sys.modules.get("psycopg")
    cause = getattr(error, "orig", None) or error
    if psycopg is not None and isinstance(cause, psycopg.OperationalError):
        return f"the database does not answer: {str(cause).strip().splitlines()[0]}"
    migrations = sys.modules.get("mercat.kit.migrations")
    if migrations is not None and isinstance(error, migrations.UnknownRevisionError):
        return str(error)
    startup = sys.modules.get("mercat.kit.startup")
    return None if startup is None else startup.complaint(error)
