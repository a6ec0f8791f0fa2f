"""Errors of documents."""

from mercat.kit.problems import NotFound


class InvoiceNotFound(NotFound):
    """No such invoice, or not for this reader."""

    code = "invoices.not_found"
    detail = "There is no such invoice."


class DocumentDoesNotAddUpError(ValueError):
    """Lines, shipping and taxes are not the total: a defect, and such a document must not be issued."""
