"""Invoices of the marketplace to its shops for its commission: one for each month, equal to the books.

Owns: commission invoices, their files, and which entries of the books are on which.
Calls: payments, ledger, vendors, auth, audit, addresses, i18n, outbox.
Publishes: CommissionInvoiceDrawn.
Listens: nothing.
"""

from mercat.invoices.commissions import billing, desk_router, jobs
from mercat.invoices.commissions.billing import SomeShopsWithoutPaper, bill
from mercat.invoices.commissions.comparing import compare
from mercat.invoices.commissions.exceptions import CommissionInvoiceNotFound, MonthNotOver
from mercat.invoices.commissions.months import Month
from mercat.invoices.commissions.queries import CommissionPaper, of_ids, paper_of, records_of
from mercat.invoices.commissions.router import router
from mercat.invoices.commissions.schemas import CommissionInvoiceRead

routers = (desk_router.router, router)

__all__ = [
    "CommissionInvoiceNotFound",
    "CommissionInvoiceRead",
    "CommissionPaper",
    "Month",
    "MonthNotOver",
    "SomeShopsWithoutPaper",
    "bill",
    "billing",
    "compare",
    "jobs",
    "of_ids",
    "paper_of",
    "records_of",
    "router",
    "routers",
]
