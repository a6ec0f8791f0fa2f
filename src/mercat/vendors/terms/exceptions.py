"""Errors of terms."""

from mercat.kit.problems import CONSTRAINTS, Conflict, Invalid


class TermsTaken(Conflict):
    """There are terms from this moment already."""

    code = "vendors.terms_taken"
    detail = "There are terms for this shop and category from this moment already."


class TermsInThePast(Invalid):
    """Orders may have been placed since then, and keep their rates."""

    code = "vendors.terms_in_the_past"
    detail = "Terms begin now or later: orders keep the rates they were placed with."


class UnknownTermsCategory(Invalid):
    """Terms name a category that does not exist."""

    code = "vendors.unknown_category"
    detail = "There is no such category."


CONSTRAINTS["uq_commission_terms_vendor_category_from"] = TermsTaken
CONSTRAINTS["fk_commission_terms_category_id"] = UnknownTermsCategory
