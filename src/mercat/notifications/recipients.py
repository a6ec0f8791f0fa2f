"""Recipients of mail about an event. Erased people get nothing: accounts and orders are locked meanwhile."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import auth, invoices, orders, outbox, payouts, reviews, saved_items, vendors
from mercat.auth import Permission
from mercat.auth.events import EmailChanged, EmailProofAsked
from mercat.i18n import DEFAULT_LOCALE
from mercat.invoices import commissions
from mercat.invoices.commissions.events import CommissionInvoiceDrawn
from mercat.invoices.events import InvoiceDrawn
from mercat.notifications.rows import Recipient
from mercat.orders import returns
from mercat.orders.events import OrderPaid
from mercat.orders.returns.events import ReturnRequested
from mercat.payouts.events import PayoutFailed, PayoutPaid
from mercat.reviews.events import ReviewAnswered, ReviewPublished
from mercat.saved_items.events import AlertTriggered
from mercat.vendors import VendorPermission, members
from mercat.vendors.events import MemberInvited


class AboutOrder(Protocol):
    """An event about an order."""

    @property
    def order_id(self) -> UUID:
        """The order."""


class AboutAccount(Protocol):
    """An event about an account."""

    @property
    def user_id(self) -> UUID:
        """The account."""


class AboutVendor(Protocol):
    """An event about a vendor."""

    @property
    def vendor_id(self) -> UUID:
        """The vendor."""


async def buyer(session: AsyncSession, event: AboutOrder) -> Sequence[Recipient]:
    """Return the buyer of an order, in the language in which it was placed."""
    return await _buyer(session, event.order_id)


async def buyer_of_invoice(session: AsyncSession, event: InvoiceDrawn) -> Sequence[Recipient]:
    """Return the buyer to whom an invoice or credit note is addressed."""
    return await _buyer(session, (await invoices.attachment_of(session, event.invoice_id)).order_id)


async def account(session: AsyncSession, event: AboutAccount) -> Sequence[Recipient]:
    """Return the owner of an account, at its address."""
    return await people(session, [event.user_id])


async def address_to_prove(session: AsyncSession, event: EmailProofAsked) -> Sequence[Recipient]:
    """Return the address that is to be proven; its owner is not known yet."""
    account = await auth.hold(session, event.user_id)
    if account is None:
        return ()
    address = await auth.address_to_prove(session, event.token_id) or account.email
    return [Recipient(address, account.locale, user_id=account.id)]


async def former_address(session: AsyncSession, event: EmailChanged) -> Sequence[Recipient]:
    """Return the address that an account had until now."""
    found = await people(session, [event.user_id])
    return [Recipient(event.old_email, one.locale, one.name, one.user_id, proven=one.proven) for one in found]


async def waiting(session: AsyncSession, event: AlertTriggered) -> Sequence[Recipient]:
    """Return who asked to be told, if they still wait."""
    alert = await saved_items.in_mail(session, event.alert_id)
    return await people(session, [alert.user_id]) if alert else ()


async def author(session: AsyncSession, event: ReviewAnswered) -> Sequence[Recipient]:
    """Return who wrote a review."""
    review = await reviews.in_mail(session, event.review_id)
    return await people(session, [review.author_id]) if review and review.author_id else ()


async def invited(session: AsyncSession, event: MemberInvited) -> Sequence[Recipient]:
    """Return who is asked to work for a vendor, unless the invitation was revoked."""
    asked = await members.summons(session, event.invitation_id)
    if asked is None or not asked.open:
        return ()
    account = await auth.hold(session, asked.user_id) if asked.user_id else None
    locale = account.locale if account else DEFAULT_LOCALE
    return [Recipient(asked.email, locale, user_id=account.id if account else None)]


async def owners(session: AsyncSession, event: AboutVendor) -> Sequence[Recipient]:
    """Return the owners of a vendor."""
    return await people(session, await members.owners_of(session, event.vendor_id))


def vendor(permission: VendorPermission) -> Callable[[AsyncSession, AboutVendor], Awaitable[Sequence[Recipient]]]:
    """Return a vendor's people who look after something."""

    async def found(session: AsyncSession, event: AboutVendor) -> Sequence[Recipient]:
        return await people(session, await vendors.people_with_permission(session, event.vendor_id, permission))

    return found


async def vendors_of_order(session: AsyncSession, event: OrderPaid) -> Sequence[Recipient]:
    """Return the people who ship orders, of each vendor of an order."""
    order = await orders.read(session, event.order_id, for_vendors=True)
    return [one for vendor_order in order.vendor_orders for one in await _shippers(session, order, vendor_order)]


async def vendor_of_return(session: AsyncSession, event: ReturnRequested) -> Sequence[Recipient]:
    """Return the people who decide about a return."""
    asked = await returns.read(session, event.return_id)
    order = await orders.read(session, event.order_id, for_vendors=True)
    vendor_order = next(one for one in order.vendor_orders if one.id == asked.vendor_order_id)
    return await _shippers(session, order, vendor_order)


async def vendor_of_review(session: AsyncSession, event: ReviewPublished) -> Sequence[Recipient]:
    """Return the people who answer reviews, unless the review is not shown any more."""
    review = await reviews.in_mail(session, event.review_id)
    if review is None:
        return ()
    return await people(
        session, await vendors.people_with_permission(session, review.vendor_id, VendorPermission.reviews)
    )


async def vendor_of_payout(session: AsyncSession, event: PayoutPaid | PayoutFailed) -> Sequence[Recipient]:
    """Return the people who see a vendor's money."""
    payout = await payouts.read(session, event.payout_id)
    return await people(
        session, await vendors.people_with_permission(session, payout.vendor_id, VendorPermission.finances)
    )


async def vendor_of_commission(session: AsyncSession, event: CommissionInvoiceDrawn) -> Sequence[Recipient]:
    """Return the people who see a vendor's money."""
    invoice = await commissions.document_of(session, event.commission_invoice_id)
    return await people(
        session, await vendors.people_with_permission(session, invoice.vendor_id, VendorPermission.finances)
    )


def operators(permission: Permission) -> Callable[[AsyncSession, outbox.DomainEvent], Awaitable[Sequence[Recipient]]]:
    """Return the operators who may do something."""

    async def found(session: AsyncSession, _event: outbox.DomainEvent) -> Sequence[Recipient]:
        return await people(session, await auth.holders_of(session, permission))

    return found


async def people(session: AsyncSession, user_ids: Sequence[UUID]) -> list[Recipient]:
    """Return accounts as recipients. Until an address is proven, a name may be a stranger's words to its owner."""
    found = []
    for user_id in user_ids:
        account = await auth.hold(session, user_id)
        if account is not None:
            proven = account.email_verified
            found.append(
                Recipient(account.email, account.locale, account.name if proven else "", account.id, proven=proven)
            )
    return found


async def _buyer(session: AsyncSession, order_id: UUID) -> Sequence[Recipient]:
    user_id, locale = await orders.buyer_of(session, order_id)
    order = await orders.read(session, order_id)
    if not order.email:  # erased
        return ()
    account = (await auth.user_references(session, [user_id])).get(user_id) if user_id else None
    proven = account is not None and account.email_verified and account.email.lower() == order.email.lower()
    name = order.shipping_address.name if proven else ""
    return [Recipient(order.email, locale, name, user_id, proven=proven, order=order)]


async def _shippers(
    session: AsyncSession, order: orders.OrderRead, vendor_order: orders.VendorOrderRead
) -> Sequence[Recipient]:
    found = await people(
        session, await vendors.people_with_permission(session, vendor_order.vendor.id, VendorPermission.orders)
    )
    return [
        Recipient(
            one.email, one.locale, one.name, one.user_id, proven=one.proven, order=order, vendor_order=vendor_order
        )
        for one in found
    ]
