"""Files for translators over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import StreamingResponse

from mercat import files, i18n
from mercat.auth import REFUSED, Actor, Requires
from mercat.kit.database import Connections, PrimarySession, get_database
from mercat.kit.downloads import TooManyDownloads, attached, streamed
from mercat.kit.openapi import refusals
from mercat.kit.problems import Forbidden, Invalid
from mercat.translations.exceptions import UnknownLocale
from mercat.translations.rights import TRANSLATORS
from mercat.translations.sources import target_locale
from mercat.translations.translator_files import service
from mercat.translations.translator_files.exceptions import ImportNotFound
from mercat.translations.translator_files.export import exported
from mercat.translations.translator_files.schemas import ExportFilter, TranslationImportRead

router = APIRouter(prefix="/translations", tags=["translations"])
Translator = Annotated[Actor, Depends(Requires(*TRANSLATORS))]
Language = Annotated[str, Header(alias="Accept-Language", description="The language of what is said about failures.")]
DENIED = (*REFUSED, Forbidden)
FORM = files.form(several=False, texts={})
EXAMPLE = "kind,key,field,locale,source,translation,state\r\nproduct,0199a3c4,name,de,Mug,Becher,translated\r\n"
FILE: dict[str, Any] = {
    "description": "The texts as CSV or XLIFF 2.1, in the form that the import takes.",
    "content": {
        "text/csv": {"schema": {"type": "string", "examples": [EXAMPLE]}},
        "application/xliff+xml": {"schema": {"type": "string", "examples": ["<xliff .../>"]}},
    },
}


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses={200: FILE, **refusals(*DENIED, UnknownLocale, Invalid, TooManyDownloads)},
)
async def export_translations(
    wanted: Annotated[ExportFilter, Query()], actor: Translator, request: Request
) -> StreamingResponse:
    """Return texts and what they are in another language as a file for translators: for vendors and authors their own.

    The same file imported again changes nothing. Each text says whether it is missing, translated or outdated.
    """
    locale = target_locale(wanted.locale)
    database = get_database(request)
    async with database.primary_session() as session:
        scopes = await service.scopes_of(session, actor, wanted.kind)
    content = exported(database, scopes, locale, wanted.format, wanted.only)
    media, ending = ("text/csv", "csv") if wanted.format == "csv" else ("application/xliff+xml", "xlf")
    return await streamed(content, actor.user_id, media, attached(f"translations-{locale}.{ending}"))


@router.post(
    "/import",
    status_code=202,
    openapi_extra=FORM,
    responses=refusals(*DENIED, *files.REFUSED, Invalid),
)
async def import_translations(actor: Translator, database: Connections, request: Request) -> TranslationImportRead:
    """Bring translations in: a CSV or XLIFF 2 file of the export, or Shopify's, in the form field `file`.

    It is read in the background: `GET /translations/imports/{translation_import_id}` says when it is done, and which
    texts could not be taken. The same file again changes nothing; an empty translation changes nothing either. A text
    whose source was changed since the export is taken, and counts as outdated.
    """
    async with files.received(request, actor, most=1) as form:
        content = await form.files[0].read()
    async with database.transaction() as session:
        return await service.bring(session, actor, content)


@router.get("/imports/{translation_import_id}", responses=refusals(*DENIED, ImportNotFound, Invalid))
async def read_translation_import(
    translation_import_id: UUID, actor: Translator, session: PrimarySession, language: Language = ""
) -> TranslationImportRead:
    """Return an import with its outcome: how many texts were taken, which were refused, or why it failed."""
    return await service.read(session, actor, translation_import_id, i18n.negotiate(language))
