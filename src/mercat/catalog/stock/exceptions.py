"""Errors of a vendor's stock."""

from mercat.kit.problems import Invalid


class LinesRefused(Invalid):
    """Some lines name what the vendor does not have; nothing was changed."""

    code = "catalog.stock_lines_refused"
    detail = "Some lines cannot be taken, and nothing was changed. See `errors`."
