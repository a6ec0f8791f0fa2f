"""The commission rates of the marketplace: by vendor and category, in their time.

Owns: terms of commission.
Calls: auth, audit.
Publishes: nothing.
Listens: nothing.
"""

from mercat.vendors.terms.config import commission_tax_rate
from mercat.vendors.terms.rates import ask_rates
from mercat.vendors.terms.router import everywhere_router, vendor_router, vendor_terms_router
from mercat.vendors.terms.schemas import TermsWrite
from mercat.vendors.terms.service import agree

routers = (vendor_router, everywhere_router, vendor_terms_router)

__all__ = ["TermsWrite", "agree", "ask_rates", "commission_tax_rate", "routers"]
