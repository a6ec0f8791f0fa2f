"""Translations over HTTP: the same four routes below every kind of thing, and lists of what is missing."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from mercat.auth import REFUSED, Actor, KnownOr, Permission, Requires
from mercat.kit.body_guard import LARGE_BODY
from mercat.kit.conditional import IfMatch, tagged
from mercat.kit.database import PrimarySession, Session
from mercat.kit.openapi import EXAMPLE_ID, refusals
from mercat.kit.pagination import BadCursor, CursorPage, Page, complete
from mercat.kit.problems import Forbidden, Invalid, PreconditionFailed
from mercat.translations import kinds as registry
from mercat.translations import queries, service
from mercat.translations.exceptions import BadText, NothingToTranslate, SlugTaken, UnknownLocale
from mercat.translations.kinds import Kind
from mercat.translations.rights import TRANSLATORS
from mercat.translations.schemas import (
    KindSummary,
    MissingFilter,
    MissingText,
    TranslationRead,
    TranslationSummary,
    TranslationWrite,
)

Translator = Annotated[Actor, Depends(Requires(*TRANSLATORS))]
DENIED = (*REFUSED, Forbidden)
OneLocale = Annotated[
    str, Path(min_length=2, max_length=35, description="One of the marketplace's other languages.", examples=["de"])
]
overview_router = APIRouter(prefix="/translations", tags=["translations"])


@overview_router.get("/missing", responses=refusals(*DENIED, BadCursor, UnknownLocale, Invalid))
async def list_missing_translations(
    wanted: Annotated[MissingFilter, Query()], actor: Translator, session: PrimarySession
) -> CursorPage[MissingText]:
    """List texts that are not translated, or were changed since: for vendors and authors their own, for operators all.

    Where a language falls back to another one that has the text, as Austrian German does to German, it is not missing.
    """
    found, cursor = await queries.missing(session, actor, registry.kinds_asked_for(wanted.kind), wanted)
    return CursorPage(items=found, next_cursor=cursor)


@overview_router.get("/summary", responses=refusals(*DENIED))
async def summarize_translations(actor: Translator, session: PrimarySession) -> Page[KindSummary]:
    """Return how many texts are translated, missing and outdated, for each kind of things and language."""
    return complete(await queries.summary(session, actor, registry.kinds()))


def routers() -> list[APIRouter]:
    """Return the routes of every kind that is registered by now, and of the lists."""
    return [overview_router, *(_routes_of(kind) for kind in registry.kinds())]


def _routes_of(kind: Kind) -> APIRouter:
    """Return the four routes of a kind, documented as its own."""
    router = APIRouter(prefix=kind.path, tags=[kind.tag, "translations"])
    path = f"/{{{kind.parameter}}}/translations" if kind.by_id else f"/{{{kind.parameter}:path}}/translations"
    named = kind.name.replace("_", " ")
    about = "Its id." if kind.by_id else "Its name, whatever the case of its letters."
    example = EXAMPLE_ID if kind.by_id else "Size"
    key_type = Annotated[
        str, Path(alias=kind.parameter, min_length=1, max_length=255, description=about, examples=[example])
    ]

    may = (Permission.translations_write, *kind.permissions)
    translator = Annotated[Actor, Depends(KnownOr(*may) if kind.by_people else Requires(*may))]

    async def read_all(key: str, actor: Translator, session: PrimarySession) -> Page[TranslationSummary]:
        return complete(await queries.every_language(session, actor, kind, key))

    async def read(
        key: str, locale: OneLocale, actor: Translator, session: PrimarySession, response: Response
    ) -> TranslationRead:
        return tagged(response, await queries.read(session, actor, kind, key, locale), queries.EDITED)

    async def replace(  # noqa: PLR0913, PLR0917 - the parts of a request
        key: str,
        locale: OneLocale,
        new: TranslationWrite,
        actor: Translator,
        session: Session,
        response: Response,
        if_match: IfMatch = None,
    ) -> TranslationRead:
        made = await service.replace(session, actor, kind, key, locale, new, if_match=if_match)
        return tagged(response, made, queries.EDITED)

    async def remove(
        key: str, locale: OneLocale, actor: Translator, session: Session, if_match: IfMatch = None
    ) -> None:
        await service.remove(session, actor, kind, key, locale, if_match=if_match)

    for route in (read_all, read, replace, remove):
        route.__annotations__ |= {"key": key_type, "actor": translator}
    router.add_api_route(
        path,
        read_all,
        name=f"list_{kind.name}_translations",
        description=f"Return how far the translation of this {named} is, for each language.",
        responses=refusals(*DENIED, NothingToTranslate),
    )
    router.add_api_route(
        f"{path}/{{locale}}",
        read,
        name=f"read_{kind.name}_translation",
        description=(
            f"Return the texts of this {named} in a language, each beside what it translates, with an ETag to base a "
            "change on. What is not translated is null."
        ),
        responses=refusals(*DENIED, NothingToTranslate, UnknownLocale, Invalid),
    )
    refused = (*DENIED, NothingToTranslate, UnknownLocale, PreconditionFailed, Invalid)
    router.add_api_route(
        f"{path}/{{locale}}",
        replace,
        methods=["PUT"],
        name=f"replace_{kind.name}_translation",
        description=(
            f"Make the texts of this {named} in a language what the body says. What it leaves out, or says null or "
            "nothing for, falls back to the next language. HTML is sanitised like the source's."
        ),
        openapi_extra=LARGE_BODY,
        responses=refusals(*refused, BadText, *([SlugTaken] if kind.slugs else [])),
    )
    router.add_api_route(
        f"{path}/{{locale}}",
        remove,
        methods=["DELETE"],
        status_code=204,
        name=f"delete_{kind.name}_translation",
        description=f"Remove the texts of this {named} in a language. Its former address there stays reserved for it.",
        responses=refusals(*refused),
    )
    return router
