"""Verbs of operators on own texts of mail. A change is in the next message that any process writes."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, auth
from mercat.auth import Actor
from mercat.kit.conditional import require_match, version_etag
from mercat.kit.problems import Unauthenticated
from mercat.notifications.composer import Letter
from mercat.notifications.mail_templates import queries
from mercat.notifications.mail_templates.exceptions import BadMailText
from mercat.notifications.mail_templates.schemas import (
    MailDraft,
    MailPreview,
    MailTemplateRead,
    MailTemplateWrite,
    SentPreview,
)
from mercat.notifications.mail_writer import write_test
from mercat.notifications.models import MailTemplate
from mercat.notifications.own_texts import nearest, own, texts_of
from mercat.notifications.own_words import NONE, OwnText, faults
from mercat.notifications.placeholders import PLACEHOLDERS
from mercat.notifications.samples import sample


async def write(
    session: AsyncSession, actor: Actor, kind: str, locale: str, new: MailTemplateWrite, *, if_match: str | None
) -> MailTemplateRead:
    """Make the own text of a kind in one language what `new` says.

    Raises:
        MailTemplateNotFound, UnknownMailLocale, BadMailText, PreconditionFailed: what the names say.
    """
    kind, locale = queries.known_kind(kind), queries.known_locale(locale)
    await _require_sound(new.text(), PLACEHOLDERS[kind])
    row = await _for_update(session, kind, locale)
    require_match(if_match, version_etag(row.version))
    return await _change(session, actor, row, new.text(), "mail_template.changed")


async def remove(session: AsyncSession, actor: Actor, kind: str, locale: str, *, if_match: str | None) -> None:
    """Let a kind be as shipped again in one language, or as the next one of its languages has it.

    Raises:
        MailTemplateNotFound, UnknownMailLocale, PreconditionFailed: what the names say.
    """
    kind, locale = queries.known_kind(kind), queries.known_locale(locale)
    row = await session.get(MailTemplate, (kind, locale), with_for_update=True)
    require_match(if_match, version_etag(row.version if row else 0))
    if row is not None and own(row) != NONE:
        await _change(session, actor, row, NONE, "mail_template.deleted")


async def preview(session: AsyncSession, kind: str, draft: MailDraft) -> MailPreview:
    """Return a message with made-up data and a text that is not saved.

    Raises:
        MailTemplateNotFound, UnknownMailLocale, BadMailText: what the names say.
    """
    locale, letter = await _letter(session, kind, draft)
    return MailPreview(locale=locale, subject=letter.subject, html=letter.html, text=letter.text)


async def send_test(session: AsyncSession, actor: Actor, kind: str, draft: MailDraft) -> SentPreview:
    """Send a preview to the account of whoever asks, and to nobody else.

    Raises:
        MailTemplateNotFound, UnknownMailLocale, BadMailText: what the names say.
    """
    locale, letter = await _letter(session, kind, draft)
    account = None if actor.user_id is None else await auth.hold(session, actor.user_id)
    if account is None:
        raise Unauthenticated
    tried = Letter(f"[Test] {letter.subject}", letter.text, letter.html)
    mail_id = await write_test(session, account.id, account.email, tried)
    named = f"{kind}.{locale}"
    await audit.record(session, actor, "mail.tested", mail_id, changes={"template": audit.Change(None, named)})
    return SentPreview(recipient=account.email)


async def _letter(session: AsyncSession, kind: str, draft: MailDraft) -> tuple[str, Letter]:
    kind, locale = queries.known_kind(kind), queries.known_locale(draft.locale)
    texts = await texts_of(session, kind)
    given = {name: value for name, value in asdict(draft.text()).items() if name in draft.model_fields_set}
    text = OwnText(**{**asdict(texts.get(locale, NONE)), **given})
    await _require_sound(text, PLACEHOLDERS[kind])
    return locale, await asyncio.to_thread(sample, kind, locale, nearest({**texts, locale: text}, locale))


async def _require_sound(text: OwnText, known: Collection[str]) -> None:
    """Refuse a text with wrong placeholders, beside the event loop: a long one with much markup takes its time.

    Raises:
        BadMailText: it names each of them.
    """
    errors = await asyncio.to_thread(lambda: tuple(faults(text, known)))
    if errors:
        raise BadMailText(errors=errors)


async def _for_update(session: AsyncSession, kind: str, locale: str) -> MailTemplate:
    """Return the row, made if there was none: two first edits wait for each other too."""
    await session.execute(insert(MailTemplate).values(kind=kind, locale=locale, version=0).on_conflict_do_nothing())
    found = select(MailTemplate).where(MailTemplate.kind == kind, MailTemplate.locale == locale).with_for_update()
    return (await session.scalars(found.execution_options(populate_existing=True))).one()


async def _change(
    session: AsyncSession, actor: Actor, row: MailTemplate, text: OwnText, action: str
) -> MailTemplateRead:
    before: Mapping[str, str] = asdict(own(row))
    row.subject, row.introduction, row.closing = text.subject, text.introduction, text.closing
    row.version += 1
    await session.flush()
    await session.refresh(row)
    named = f"{row.kind}.{row.locale}"
    changes = {"template": audit.Change(named, named), **audit.difference(before, asdict(text))}
    await audit.record(session, actor, action, audit.target_named("mail_template", named), changes=changes)
    return queries.shown(row.kind, row.locale, row)
