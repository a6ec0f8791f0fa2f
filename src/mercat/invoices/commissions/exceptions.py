"""Errors of commission invoices."""

from mercat.kit.problems import Conflict, NotFound


class CommissionInvoiceNotFound(NotFound):
    """No such document, or another vendor's."""

    code = "commission_invoices.not_found"
    detail = "There is no such commission invoice."


class MonthNotOver(Conflict):
    """Something may still be booked in that month."""

    code = "commission_invoices.month_not_over"
    detail = "This month is not over, or not for an hour yet: something may still be booked in it."


class CommissionDoesNotAddUpError(ValueError):
    """A document does not match the books: a defect, and such a document must not be issued."""
