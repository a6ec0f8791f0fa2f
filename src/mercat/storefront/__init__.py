"""Pages of the marketplace for people's browsers; so far those that links in mail and sign-ins elsewhere lead to.

Owns: nothing.
Calls: saved_items, payment_processing, orders, payments, vendors, auth, i18n.
Publishes: nothing.
Listens: nothing.
"""

from mercat.storefront.account_pages import router as account_pages
from mercat.storefront.order_page import router as order_page
from mercat.storefront.pages import mount_static
from mercat.storefront.second_factor_page import router as second_factor_page
from mercat.storefront.test_payment_page import router as test_payment_page
from mercat.storefront.unsubscribe_page import router as unsubscribe_page

__all__ = ["account_pages", "mount_static", "order_page", "second_factor_page", "test_payment_page", "unsubscribe_page"]
