"""What a row of the mail table is, and how the worker runs one."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import orders, outbox
from mercat.notifications.account_messages import ACCOUNT_MESSAGES
from mercat.notifications.links import Link
from mercat.notifications.mail_writer import Draft, write

Fact = TypeVar("Fact", bound=outbox.DomainEvent)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets a mail. `proven`: the address is shown to be theirs; words that its sender chose go to no other.

    `order` and `vendor_order` are what a mail about an order is about.
    """

    email: str
    locale: str
    name: str = ""
    user_id: UUID | None = None
    proven: bool = False
    order: orders.OrderRead | None = None
    vendor_order: orders.VendorOrderRead | None = None

    @property
    def bought(self) -> orders.OrderRead:
        """The order of a mail that is about one."""
        if self.order is None:
            raise TypeError("this mail is about no order")
        return self.order

    @property
    def sold(self) -> orders.VendorOrderRead:
        """The vendor order of a mail that is about one."""
        if self.vendor_order is None:
            raise TypeError("this mail is about no vendor order")
        return self.vendor_order


@dataclass(frozen=True, slots=True)
class Content:
    """What fills a template and its subject; `template` chooses among several of a row."""

    values: Mapping[str, Any] = field(default_factory=dict)
    subject: Mapping[str, str] = field(default_factory=dict)
    template: str | None = None
    link: Link | None = None
    invoice_id: UUID | None = None
    commission_invoice_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Row(Generic[Fact]):
    """Which event, or events, lead to which template, recipients and values.

    `name` is that of the handler in the inbox and stays for ever. `templates` maps each template that the row may use
    to its subject in English. `values` returns None where there is nothing to say to a recipient.
    """

    events: type[Fact] | tuple[type[Fact], ...]
    name: str
    templates: Mapping[str, str]
    to: Callable[[AsyncSession, Fact], Awaitable[Sequence[Recipient]]]
    values: Callable[[AsyncSession, Fact, Recipient], Awaitable[Content | None]]

    def handler(self) -> outbox.Handler[Fact]:
        """Return what the worker calls when the event has happened."""
        return outbox.handler(f"notifications.{self.name}")(self._write)

    async def _write(self, session: AsyncSession, event_id: UUID, event: Fact) -> None:
        for recipient in await self.to(session, event):
            content = await self.values(session, event, recipient)
            if content is not None:
                await write(session, event_id, self._draft(recipient, content))

    def _draft(self, recipient: Recipient, content: Content) -> Draft:
        return Draft(
            kind=(kind := content.template or next(iter(self.templates))),
            title=self.templates[kind],
            recipient=recipient.email,
            locale=recipient.locale,
            values={"name": recipient.name, **content.values},
            subject=content.subject,
            user_id=recipient.user_id,
            proven=recipient.proven,
            link=content.link,
            invoice_id=content.invoice_id,
            commission_invoice_id=content.commission_invoice_id,
        )


def messages(*names: str) -> dict[str, str]:
    """Return account messages as templates with their subjects: plain sentences, see `account_messages`."""
    return {name: ACCOUNT_MESSAGES[name].subject for name in names}
