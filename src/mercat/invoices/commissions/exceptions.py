"""How invoices over commissions can refuse."""

from mercat.kit.problems import Conflict, NotFound


class CommissionInvoiceNotFound(NotFound):
    """No such paper, or another shop's."""

    code = "commission_invoices.not_found"
    detail = "There is no such commission invoice."


class MonthNotOver(Conflict):
    """Something may still be booked in that month."""

    code = "commission_invoices.month_not_over"
    detail = "This month is not over, or not for an hour yet: something may still be booked in it."


class CommissionDoesNotAddUpError(ValueError):
    """What a paper says is not what the books say: a defect, and such a paper must not be issued."""
