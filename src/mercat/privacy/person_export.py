"""Export of everything that is stored about a person."""

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import (
    audit,
    cart,
    content,
    files,
    invoices,
    notifications,
    orders,
    payments,
    pricing,
    reviews,
    saved_items,
    users,
    vendors,
)
from mercat.auth import Actor, management
from mercat.invoices import commissions
from mercat.kit import clock
from mercat.orders import returns
from mercat.payments import methods, refunds
from mercat.privacy.schemas import PersonExport


async def export(session: AsyncSession, actor: Actor) -> PersonExport:
    """Return what every domain has about the actor; that it was asked for is written down too."""
    person = await users.person(session, (await management.me(session, actor)).id)
    await audit.record(session, actor, "user.exported", person.id)
    proven = person.email if person.email_verified else None
    bought = await orders.record_of(session, orders.Buyer(person.id, proven))
    paid = await payments.of_orders(session, [order.id for order in bought])
    memberships = await vendors.memberships(session, person.id)
    owned = [one.id for one in memberships if one.role == vendors.MemberRole.owner]
    return PersonExport(
        exported_at=clock.now(),
        person=person,
        addresses=await users.address_book(session, person.id),
        access=await management.record_of(session, person.id),
        memberships=memberships,
        commission_invoices=await commissions.records_of(session, owned),
        vendor_applications=await vendors.onboarding.applications_of(session, person.id),
        vendor_invitations=await vendors.members.invitations_of_person(session, person.id, proven),
        carts=await cart.record_of(session, person.id),
        orders=bought,
        invoices=await invoices.record_of(session, [order.id for order in bought]),
        returns=await returns.record_of(session, [order.id for order in bought]),
        payments=paid,
        refunds=await refunds.of_payments(session, [payment.id for payment in paid]),
        payment_methods=await methods.of_person(session, person.id),
        coupons=await pricing.record_of(session, person.id, [order.id for order in bought]),
        comments=await content.comments.record_of(session, person.id),
        posts=await content.posts.record_of(session, person.id),
        reviews=await reviews.record_of(session, person.id),
        saved_items=await saved_items.record_of(session, person.id),
        mails=await notifications.record_of(session, person.id, proven),
        files=await files.record_of(session, person.id),
        log=await audit.record_of(session, person.id),
    )
