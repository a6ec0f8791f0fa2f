"""Own texts of mail as they are kept: which of them a message in a language takes."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import i18n
from mercat.notifications.models import MailTemplate
from mercat.notifications.own_words import NONE, OwnText


async def own_text(session: AsyncSession, kind: str, locale: str) -> OwnText:
    """Return the own text for a reader of a language, as it is at this moment."""
    return nearest(await texts_of(session, kind), locale)


async def texts_of(session: AsyncSession, kind: str) -> dict[str, OwnText]:
    """Return the own texts of a kind, by language."""
    return {row.locale: own(row) for row in await rows_of(session, kind)}


async def rows_of(session: AsyncSession, kind: str) -> Sequence[MailTemplate]:
    """Return the texts of a kind as they are kept."""
    return (await session.scalars(select(MailTemplate).where(MailTemplate.kind == kind))).all()


def own(row: MailTemplate) -> OwnText:
    """Return what a row says."""
    return OwnText(row.subject, row.introduction, row.closing)


def nearest(texts: Mapping[str, OwnText], locale: str) -> OwnText:
    """Return what is nearest to a language, field by field; nothing where the shipped text is nearer than any of them.

    Text in a language that the message is not written in is never among them.
    """
    found = NONE
    for tag in fitting(locale):
        found = found.over(texts.get(tag, NONE))
    return found


def fitting(locale: str) -> Sequence[str]:
    """Return the languages whose own texts fit into a message to a reader of a language, nearest first.

    Those are its own (`de-AT`, then `de`) and the one in which the shipped sentences reach them: English, where these
    are not translated. A language that is kept for a region only is good for all who read it.
    """
    known = i18n.content_locales()
    chain = [*_of_language(locale, known), *_of_language(i18n.spoken(locale), known)]
    return tuple(dict.fromkeys(chain))


def _of_language(locale: str, known: Sequence[str]) -> list[str]:
    found = [tag for tag in i18n.ancestry(locale) if tag in known]
    language = locale.split("-", maxsplit=1)[0]
    return found or [tag for tag in known if tag.split("-", maxsplit=1)[0] == language][:1]
