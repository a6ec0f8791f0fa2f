"""Own texts of mail over HTTP, for operators."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from mercat.auth import REFUSED, Actor, Permission, Requires
from mercat.i18n import LONGEST_TAG
from mercat.kit.conditional import IfMatch, versioned
from mercat.kit.database import PrimarySession, Session
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, complete
from mercat.kit.problems import Forbidden, Invalid, PreconditionFailed
from mercat.kit.throttle import count_mail
from mercat.notifications.mail_templates import queries, service
from mercat.notifications.mail_templates.exceptions import BadMailText, MailTemplateNotFound, UnknownMailLocale
from mercat.notifications.mail_templates.schemas import (
    MailDraft,
    MailKindRead,
    MailKindSummary,
    MailPreview,
    MailTemplateRead,
    MailTemplateWrite,
    SentPreview,
)

router = APIRouter(prefix="/mail-templates", tags=["mail templates"])

Operator = Annotated[Actor, Depends(Requires(Permission.mail_templates_write))]
Kind = Annotated[str, Path(max_length=60, description="Name of a kind of mail.", examples=["order_paid"])]
OneLocale = Annotated[
    str, Path(min_length=2, max_length=LONGEST_TAG, description="One of `MERCAT_LOCALES`.", examples=["de"])
]
DENIED = (*REFUSED, Forbidden, Invalid, MailTemplateNotFound)


@router.get("", responses=refusals(*REFUSED, Forbidden))
async def list_mail_templates(_actor: Operator, session: PrimarySession) -> Page[MailKindSummary]:
    """List every kind of mail: who gets it, what its texts may name, and in which languages it has an own text."""
    return complete(await queries.listed(session))


@router.get("/{mail_kind}", responses=refusals(*DENIED))
async def read_mail_kind(mail_kind: Kind, _actor: Operator, session: PrimarySession) -> MailKindRead:
    """Return a kind of mail with its own texts, each beside what is shipped."""
    return await queries.of_kind(session, mail_kind)


@router.get("/{mail_kind}/{locale}", responses=refusals(*DENIED, UnknownMailLocale))
async def read_mail_template(
    mail_kind: Kind, locale: OneLocale, _actor: Operator, session: PrimarySession, response: Response
) -> MailTemplateRead:
    """Return the own text of a kind of mail in a language, with an ETag to base a change on. Null is as shipped."""
    return versioned(response, await queries.read(session, mail_kind, locale))


@router.put("/{mail_kind}/{locale}", responses=refusals(*DENIED, UnknownMailLocale, BadMailText, PreconditionFailed))
async def write_mail_template(  # noqa: PLR0913, PLR0917 - the parts of a request
    mail_kind: Kind,
    locale: OneLocale,
    new: MailTemplateWrite,
    actor: Operator,
    session: Session,
    response: Response,
    if_match: IfMatch = None,
) -> MailTemplateRead:
    """Make the own text of a kind of mail in a language what the body says; the next message has it.

    Links, tables, amounts and bank details stay in the message whatever is written. A placeholder that the kind does
    not have is a 422 that names it.
    """
    return versioned(response, await service.write(session, actor, mail_kind, locale, new, if_match=if_match))


@router.delete(
    "/{mail_kind}/{locale}", status_code=204, responses=refusals(*DENIED, UnknownMailLocale, PreconditionFailed)
)
async def delete_mail_template(
    mail_kind: Kind, locale: OneLocale, actor: Operator, session: Session, if_match: IfMatch = None
) -> None:
    """Let a kind of mail be as shipped again in a language, or as the language has it that this one falls back to."""
    await service.remove(session, actor, mail_kind, locale, if_match=if_match)


@router.post("/{mail_kind}/preview", responses=refusals(*DENIED, UnknownMailLocale, BadMailText))
async def preview_mail_template(
    mail_kind: Kind, draft: MailDraft, _actor: Operator, session: PrimarySession
) -> MailPreview:
    """Return a message with made-up data and a text that need not be saved: subject, HTML and plain text."""
    return await service.preview(session, mail_kind, draft)


@router.post("/{mail_kind}/test", status_code=202, responses=refusals(*DENIED, UnknownMailLocale, BadMailText))
async def send_test_mail(
    mail_kind: Kind, draft: MailDraft, actor: Operator, request: Request, session: Session
) -> SentPreview:
    """Send what `preview` shows to one's own address. It counts as other requests that send mail."""
    await count_mail(request)
    return await service.send_test(session, actor, mail_kind, draft)
