"""Import of a waiting file into the store."""

from dataclasses import asdict
from tempfile import TemporaryFile
from uuid import UUID

from sqlalchemy.orm import undefer

from mercat import auth
from mercat.auth import Actor
from mercat.kit import clock
from mercat.kit.database import Database
from mercat.translations.translator_files import importer
from mercat.translations.translator_files.file_forms import open_rows
from mercat.translations.translator_files.models import TranslationImport
from mercat.translations.translator_files.schemas import ImportOutcome, RefusedRow


async def take_in(database: Database, import_id: UUID, user_id: UUID) -> None:
    """Take a waiting file in. After an interruption, the finished batches do not change again."""
    async with database.transaction() as session:
        waiting = await session.get(TranslationImport, import_id, options=[undefer(TranslationImport.content)])
        if waiting is None or waiting.content is None:
            return
        person = (await auth.user_references(session, [user_id])).get(user_id)
    actor = Actor(user_id, person.name if person else auth.SOMEBODY)
    scopes = {
        name: None if vendors is None else [UUID(vendor_id) for vendor_id in vendors]
        for name, vendors in waiting.scopes.items()
    }
    with TemporaryFile() as file:
        file.write(waiting.content)
        file.seek(0)
        report = await importer.take_rows(database, open_rows(file), actor, scopes)
    outcome = ImportOutcome(
        read=report.read,
        applied=report.applied,
        unchanged=report.unchanged,
        refused=report.refused,
        refusals=[RefusedRow(**asdict(one)) for one in report.refusals],
        broken=report.broken,
    )
    async with database.transaction() as session:
        done = await session.get_one(TranslationImport, import_id, with_for_update=True)
        done.state, done.content, done.finished_at = "done", None, clock.now()
        done.report = outcome.model_dump(mode="json")
