"""How stock can fail."""

from mercat.kit.problems import CONSTRAINTS, Conflict, Invalid, NotFound


class InsufficientStock(Conflict):
    """Somebody wants more than there is; `lines` says how much there is of what."""

    code = "inventory.insufficient_stock"
    detail = "There is not enough in stock."


class UnitsMissing(Conflict):
    """What was promised beyond the stock cannot leave before it has come."""

    code = "inventory.units_missing"
    detail = "Some pieces of this order were sold before they arrived, and are not there yet."


class NotPromised(Conflict):
    """More pieces shall be shipped or given back than are promised to the order; `lines` says how many are."""

    code = "inventory.not_promised"
    detail = "Not that many pieces are still promised to this order."


class BelowReserved(Conflict):
    """Fewer pieces shall lie there than are promised to orders; `lines` says how many are."""

    code = "inventory.below_reserved"
    detail = "More pieces than that are promised to orders. Allow back-orders, or cancel orders first."


class NotThere(Conflict):
    """Pieces shall leave a location where they are not, or are promised from; `lines` says how many are free."""

    code = "inventory.not_there"
    detail = "Not that many free pieces lie at that location."


class LocationNotFound(NotFound):
    """No such location, or another shop's, or the one that all shops have."""

    code = "inventory.location_not_found"
    detail = "Your shop has no such location."


class UnknownLocation(Invalid):
    """A request names a location that the shop does not have."""

    code = "inventory.unknown_location"
    detail = "Your shop has no location of that id."


class LocationTaken(Conflict):
    """Another location of the shop has the code."""

    code = "inventory.location_taken"
    detail = "Another location of your shop has the same code."


class LocationInUse(Conflict):
    """Something lies at the location, or is promised from there."""

    code = "inventory.location_in_use"
    detail = "Stock lies at this location or is promised from there. Move it first."


class TooManyLocations(Conflict):
    """The shop has as many locations as one can have."""

    code = "inventory.too_many_locations"
    detail = "A shop can have {limit} locations at most."


CONSTRAINTS["ck_stock_levels_on_hand_not_negative"] = UnitsMissing
CONSTRAINTS["ck_stock_levels_reserved_within_stock"] = InsufficientStock
CONSTRAINTS["uq_stock_locations_vendor_id_code"] = LocationTaken
