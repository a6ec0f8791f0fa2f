"""Numbers about the books, read when somebody asks for metrics."""

from mercat.kit.metrics import Number

NUMBERS = (
    Number(
        "mercat_ledger_imbalance_minor",
        "What is left when everything that was booked is added up, in minor units: always 0.",
        """
        SELECT currency, abs(sum(amount_minor)) FROM (
            SELECT currency, amount_minor FROM ledger_totals
            UNION ALL
            SELECT currency, amount_minor FROM ledger_postings WHERE id > (SELECT folded_id FROM ledger_marks)
        ) AS every GROUP BY currency
        """,
        ("currency",),
    ),
)
