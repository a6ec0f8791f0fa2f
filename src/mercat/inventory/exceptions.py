"""Errors of stock."""

from mercat.kit.problems import CONSTRAINTS, Conflict, Invalid, NotFound


class InsufficientStock(Conflict):
    """More is wanted than is available; `lines` says how much there is of what."""

    code = "inventory.insufficient_stock"
    detail = "There is not enough in stock."


class UnitsMissing(Conflict):
    """What was reserved beyond the stock cannot be shipped before it has arrived."""

    code = "inventory.units_missing"
    detail = "Some units of this order were sold before they arrived, and are not there yet."


class NotPromised(Conflict):
    """More units are to be shipped or released than are reserved for the order; `lines` says how many are."""

    code = "inventory.not_promised"
    detail = "Not that many units are still reserved for this order."


class BelowReserved(Conflict):
    """Fewer units are to be on hand than are reserved for orders; `lines` says how many are."""

    code = "inventory.below_reserved"
    detail = "More units than that are reserved for orders. Allow back-orders, or cancel orders first."


class NotThere(Conflict):
    """Units are to leave a location where they are not free; `lines` says how many are free."""

    code = "inventory.not_there"
    detail = "Not that many free units are at that location."


class LocationNotFound(NotFound):
    """No such location, or another vendor's, or the one that all vendors have."""

    code = "inventory.location_not_found"
    detail = "Your shop has no such location."


class UnknownLocation(Invalid):
    """A request names a location that the vendor does not have."""

    code = "inventory.unknown_location"
    detail = "Your shop has no location of that id."


class LocationTaken(Conflict):
    """Another location of the vendor has the code."""

    code = "inventory.location_taken"
    detail = "Another location of your shop has the same code."


class LocationInUse(Conflict):
    """The location has units on hand or reserved."""

    code = "inventory.location_in_use"
    detail = "Stock lies at this location or is promised from there. Move it first."


class TooManyLocations(Conflict):
    """The vendor has as many locations as are allowed."""

    code = "inventory.too_many_locations"
    detail = "A shop can have {limit} locations at most."


CONSTRAINTS["ck_stock_levels_on_hand_not_negative"] = UnitsMissing
CONSTRAINTS["ck_stock_levels_reserved_within_stock"] = InsufficientStock
CONSTRAINTS["uq_stock_locations_vendor_id_code"] = LocationTaken
