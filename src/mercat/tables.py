"""Every table there is: importing this module fills `metadata`, for migrations and their check."""

from mercat.audit import models as audit
from mercat.auth import models as auth
from mercat.cart import models as cart
from mercat.catalog import models as catalog
from mercat.catalog.shop_imports import models as catalog_imports
from mercat.files import models as files
from mercat.inventory import models as inventory
from mercat.invoices import models as invoices
from mercat.invoices.commissions import models as commission_invoices
from mercat.kit import idempotency
from mercat.kit.models import Base
from mercat.ledger import models as ledger
from mercat.lists import models as lists
from mercat.notifications import models as notifications
from mercat.orders import models as orders
from mercat.orders.returns import models as returns
from mercat.outbox import models as outbox
from mercat.payments import models as payments
from mercat.payouts import models as payouts
from mercat.pricing import models as pricing
from mercat.reviews import models as reviews
from mercat.users import models as users
from mercat.vendors import models as vendors
from mercat.vendors.terms import models as terms

OWNERS = (
    audit, auth, cart, catalog, catalog_imports, commission_invoices, files, idempotency, inventory, invoices,
    ledger, lists, notifications, orders, outbox, payments, payouts, pricing, returns, reviews, terms, users,
    vendors,
)  # fmt: skip
metadata = Base.metadata
