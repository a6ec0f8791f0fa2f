"""Everything about a person, as one document."""

from datetime import datetime

from mercat.audit import AuditRecord
from mercat.auth.management import AccountRecord
from mercat.cart import CartRecord
from mercat.content.comments import CommentRecord
from mercat.content.posts import PostRecord
from mercat.files import FileRecord
from mercat.invoices import InvoiceRecord
from mercat.kit.shapes import Shape
from mercat.notifications import MailRecord
from mercat.orders import OrderRead
from mercat.orders.returns import ReturnRead
from mercat.payments import PaymentRead
from mercat.payments.methods import MethodRead
from mercat.payments.refunds import RefundRead
from mercat.pricing import CouponRecord
from mercat.reviews import ReviewRecord
from mercat.saved_items import SavedItemsRecord
from mercat.users import KeptAddressRead, PersonRead
from mercat.vendors import MembershipRead
from mercat.vendors.members import InvitationRecord
from mercat.vendors.onboarding import ApplicationRead


class PersonExport(Shape):
    """What the marketplace has stored about a person. Of secrets, such as keys, it says that they are there."""

    exported_at: datetime
    person: PersonRead
    addresses: list[KeptAddressRead]
    access: AccountRecord
    """Sessions, keys, accounts elsewhere and second factors."""
    memberships: list[MembershipRead]
    """For which vendors they work."""
    commission_invoices: list[InvoiceRecord]
    """What the marketplace has billed the vendors that they own; kept until the day that each names."""
    vendor_applications: list[ApplicationRead]
    vendor_invitations: list[InvitationRecord]
    """That they sent, or that were sent to them."""
    carts: list[CartRecord]
    orders: list[OrderRead]
    invoices: list[InvoiceRecord]
    """Documents that the marketplace has to keep until the day they name, even when the person is erased."""
    returns: list[ReturnRead]
    payments: list[PaymentRead]
    refunds: list[RefundRead]
    payment_methods: list[MethodRead]
    coupons: list[CouponRecord]
    comments: CommentRecord
    """What they said about posts and about what others said."""
    posts: PostRecord
    """What they wrote for the marketplace's blog; of what is published, erasing them leaves the text."""
    reviews: ReviewRecord
    """What they said about products and about what others said."""
    saved_items: SavedItemsRecord
    """Wishlists, alerts, and what they looked at lately."""
    mails: list[MailRecord]
    files: list[FileRecord]
    """What they uploaded. It stays with what it was uploaded for."""
    log: list[AuditRecord]
    """What they did, and what was done to their account."""
