"""Invoices of the marketplace to its vendors for its commission: one for each month, equal to the books.

Owns: commission invoices, their files, and which entries of the books are on which.
Calls: payments, ledger, vendors, auth, audit, addresses, i18n, outbox.
Publishes: CommissionInvoiceDrawn.
Listens: nothing.
"""

from mercat.invoices.commissions import billing, jobs, vendor_router
from mercat.invoices.commissions.billing import SomeVendorsWithoutDocument, bill
from mercat.invoices.commissions.comparison import compare
from mercat.invoices.commissions.exceptions import CommissionInvoiceNotFound, MonthNotOver
from mercat.invoices.commissions.months import Month
from mercat.invoices.commissions.queries import IssuedCommission, document_of, of_ids, records_of
from mercat.invoices.commissions.router import router
from mercat.invoices.commissions.schemas import CommissionInvoiceRead

routers = (vendor_router.router, router)

__all__ = [
    "CommissionInvoiceNotFound",
    "CommissionInvoiceRead",
    "IssuedCommission",
    "Month",
    "MonthNotOver",
    "SomeVendorsWithoutDocument",
    "bill",
    "billing",
    "compare",
    "document_of",
    "jobs",
    "of_ids",
    "records_of",
    "router",
    "routers",
]
