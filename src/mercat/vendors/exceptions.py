"""What can be wrong with shops."""

from mercat.kit.problems import NotFound


class VendorNotFound(NotFound):
    """There is no such shop."""

    code = "vendors.not_found"
    detail = "There is no such shop."
