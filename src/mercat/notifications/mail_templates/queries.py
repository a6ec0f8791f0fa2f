"""Reads of own texts of mail, for operators."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import i18n
from mercat.notifications.composer import opening
from mercat.notifications.mail_templates.exceptions import MailTemplateNotFound, UnknownMailLocale
from mercat.notifications.mail_templates.schemas import (
    MailKindRead,
    MailKindSummary,
    MailTemplateRead,
    PlaceholderRead,
    ShippedText,
)
from mercat.notifications.models import MailTemplate
from mercat.notifications.own_texts import fitting, own, rows_of
from mercat.notifications.own_words import NONE
from mercat.notifications.placeholders import AUDIENCE, DESCRIPTIONS, PLACEHOLDERS, WITHOUT_NAME
from mercat.notifications.samples import ORDER, REVIEW, VALUES
from mercat.notifications.table import SUBJECTS

NAMED: Mapping[str, Any] = {
    **VALUES,
    "name": "{name}",
    "vendor": "{vendor}",
    "order": replace(ORDER, buyer="{name}", number="{number}"),
    "review": replace(REVIEW, author="{author}", product="{product}"),
    "words": {"vendor": "{vendor}"},
    "money": lambda _amount: "{amount}",
}
"""What stands for itself: shipped sentences are shown with their placeholders."""


def _named(kind: str) -> Mapping[str, Any]:
    return {**NAMED, "name": ""} if kind in WITHOUT_NAME else NAMED


def known_kind(kind: str) -> str:
    """Return a kind of mail.

    Raises:
        MailTemplateNotFound: there is none of this name.
    """
    if kind not in SUBJECTS:
        raise MailTemplateNotFound
    return kind


def known_locale(written: str) -> str:
    """Return a language that texts are kept in, of whatever spelling.

    Raises:
        UnknownMailLocale: they are not kept in it.
    """
    tag = i18n.canonical(written) if len(written) <= i18n.LONGEST_TAG else ""
    if tag not in i18n.content_locales():
        raise UnknownMailLocale(locales=list(i18n.content_locales()))
    return tag


async def listed(session: AsyncSession) -> list[MailKindSummary]:
    """Return every kind of mail, by name."""
    rows = await session.scalars(select(MailTemplate).order_by(MailTemplate.kind))
    written: dict[str, list[MailTemplate]] = {}
    for row in rows:
        written.setdefault(row.kind, []).append(row)
    return [_summary(kind, written.get(kind, ())) for kind in sorted(SUBJECTS)]


async def of_kind(session: AsyncSession, kind: str) -> MailKindRead:
    """Return a kind of mail with its own texts.

    Raises:
        MailTemplateNotFound: there is none of this name.
    """
    rows = await rows_of(session, known_kind(kind))
    summary = _summary(kind, rows)
    texts = [shown(kind, row.locale, row) for row in rows if row.locale in summary.own]
    return MailKindRead(**dict(summary), texts=sorted(texts, key=lambda one: summary.own.index(one.locale)))


async def read(session: AsyncSession, kind: str, locale: str) -> MailTemplateRead:
    """Return the own text of a kind in one language, or that there is none.

    Raises:
        MailTemplateNotFound, UnknownMailLocale: what the names say.
    """
    kind, locale = known_kind(kind), known_locale(locale)
    return shown(kind, locale, await session.get(MailTemplate, (kind, locale)))


def shown(kind: str, locale: str, row: MailTemplate | None) -> MailTemplateRead:
    """Return a text as operators see it."""
    text = own(row) if row else NONE
    return MailTemplateRead(
        kind=kind,
        locale=locale,
        subject=text.subject or None,
        introduction=text.introduction or None,
        closing=text.closing or None,
        shipped=ShippedText(
            subject=i18n.translate(locale, SUBJECTS[kind]), opening=opening(kind, locale, _named(kind))
        ),
        version=row.version if row else 0,
        updated_at=row.updated_at if row else None,
    )


def _summary(kind: str, rows: Sequence[MailTemplate]) -> MailKindSummary:
    written = {row.locale for row in rows if own(row) != NONE}
    known = i18n.content_locales()
    served = {locale for locale in known if written & set(fitting(locale))}
    return MailKindSummary(
        kind=kind,
        audience=AUDIENCE[kind],
        placeholders=[PlaceholderRead(name=name, description=DESCRIPTIONS[name]) for name in PLACEHOLDERS[kind]],
        subjects={locale: i18n.translate(locale, SUBJECTS[kind]) for locale in known},
        own=[locale for locale in known if locale in written],
        missing=[locale for locale in known if written and locale not in served],
    )
