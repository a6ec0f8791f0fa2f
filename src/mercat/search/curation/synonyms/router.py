"""Synonyms over HTTP, for operators."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from mercat import files
from mercat.auth import REFUSED, Actor, Permission, Requires
from mercat.kit.conditional import IfMatch, versioned
from mercat.kit.database import Connections, PrimarySession, Session
from mercat.kit.downloads import attached
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, envelope
from mercat.kit.problems import Forbidden, Invalid, PreconditionFailed
from mercat.search.curation.synonyms import file, queries, service
from mercat.search.curation.synonyms.exceptions import (
    NoSynonymFile,
    SynonymNotFound,
    SynonymTaken,
    TooManySynonyms,
)
from mercat.search.curation.synonyms.schemas import SynonymImport, SynonymListing, SynonymRead, SynonymWrite

router = APIRouter(prefix="/search-synonyms", tags=["search"])

Operator = Annotated[Actor, Depends(Requires(Permission.search_write))]
DENIED = (*REFUSED, Forbidden)
FORM = files.form(several=False, texts={})
FILE: dict[str, Any] = {
    "description": "The file.",
    "content": {file.MEDIA: {"schema": {"type": "string", "examples": [",".join(file.COLUMNS)]}}},
}


@router.get("", responses=refusals(*DENIED, Invalid))
async def list_synonyms(
    params: Annotated[SynonymListing, Query()], _actor: Operator, session: PrimarySession
) -> Page[SynonymRead]:
    """List the synonyms of search, the newest first."""
    found, total = await queries.page(session, params)
    return envelope(found, params, total)


@router.post("", status_code=201, responses=refusals(*DENIED, SynonymTaken, TooManySynonyms, Invalid))
async def create_synonym(new: SynonymWrite, actor: Operator, session: Session, response: Response) -> SynonymRead:
    """Let words mean the same, or with `finds` let words find others. Search knows it within seconds.

    They are compared in every form, with and without accents: `sofa` stands for `Sofas`, too.
    """
    return versioned(response, await service.create(session, actor, new))


@router.get("/export", response_class=Response, responses={200: FILE, **refusals(*DENIED)})
async def export_synonyms(_actor: Operator, session: PrimarySession) -> Response:
    """Return all synonyms as CSV: `id,locale,terms,finds`, with ` | ` between terms. Its import changes nothing."""
    content = file.written(await queries.everything(session))
    return Response(content, media_type=file.MEDIA, headers=attached("synonyms.csv"))


@router.post("/import", openapi_extra=FORM, responses=refusals(*DENIED, *files.REFUSED, NoSynonymFile))
async def import_synonyms(actor: Operator, database: Connections, request: Request) -> SynonymImport:
    """Take over a CSV of synonyms, in the form field `file`, with the columns of the export; `id` may be left out.

    A line with a known id replaces that entry, one that says what is there already changes nothing, all others are new.
    Entries that are not in the file stay. Lines that cannot be taken are reported with the reason.
    """
    async with files.received(request, actor, most=1) as form:
        content = await form.files[0].read()
    rows, errors = file.read(content)
    async with database.transaction() as session:
        return await service.bring_in(session, actor, rows, errors)


@router.get("/{synonym_id}", responses=refusals(*DENIED, SynonymNotFound, Invalid))
async def read_synonym(synonym_id: UUID, _actor: Operator, session: PrimarySession, response: Response) -> SynonymRead:
    """Return synonyms, with an ETag to base a change on."""
    return versioned(response, queries.shown(await queries.find(session, synonym_id)))


@router.put("/{synonym_id}", responses=refusals(*DENIED, SynonymNotFound, SynonymTaken, PreconditionFailed, Invalid))
async def replace_synonym(
    synonym_id: UUID,
    new: SynonymWrite,
    actor: Operator,
    session: Session,
    response: Response,
    if_match: IfMatch = None,
) -> SynonymRead:
    """Replace synonyms by what the body says."""
    return versioned(response, await service.replace(session, actor, synonym_id, new, if_match=if_match))


@router.delete(
    "/{synonym_id}", status_code=204, responses=refusals(*DENIED, SynonymNotFound, PreconditionFailed, Invalid)
)
async def delete_synonym(synonym_id: UUID, actor: Operator, session: Session, if_match: IfMatch = None) -> None:
    """Let words mean different things again."""
    await service.delete(session, actor, synonym_id, if_match=if_match)
