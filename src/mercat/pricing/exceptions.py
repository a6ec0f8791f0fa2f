"""How prices can refuse."""

from mercat.kit.problems import CONSTRAINTS, Conflict, Invalid, NotFound


class PromotionNotFound(NotFound):
    """No such promotion."""

    code = "pricing.promotion_not_found"
    detail = "There is no such promotion."


class ZoneNotFound(NotFound):
    """No such shipping zone."""

    code = "pricing.zone_not_found"
    detail = "There is no such shipping zone."


class MethodNotFound(NotFound):
    """No such shipping method."""

    code = "pricing.method_not_found"
    detail = "There is no such shipping method."


class RateNotFound(NotFound):
    """No such tax rate."""

    code = "pricing.rate_not_found"
    detail = "There is no such tax rate."


class CodeTaken(Conflict):
    """Another coupon has this code, or one that looks like it."""

    code = "pricing.code_taken"
    detail = "Another coupon has this code, or one that looks like it."


class LimitBelowUses(Conflict):
    """A coupon cannot be limited to fewer uses than there were."""

    code = "pricing.limit_below_uses"
    detail = "This coupon was used more often than that already."


class AreaTaken(Conflict):
    """Another zone has this area."""

    code = "pricing.area_taken"
    detail = "One of these areas belongs to another shipping zone, or is named twice."


class MethodTaken(Conflict):
    """The zone has this method already."""

    code = "pricing.method_taken"
    detail = "This zone has a shipping method with this code already."


class RateTaken(Conflict):
    """There is a rate from this moment already."""

    code = "pricing.rate_taken"
    detail = "There is a tax rate for this place, class and beginning already."


class UnknownScope(Invalid):
    """A promotion or a method names what does not exist."""

    code = "pricing.unknown_scope"
    detail = "Some of the shops, categories or products that are named do not exist."


class UnknownCoupon(Invalid):
    """No such coupon, or none that can be used: a guesser is not told which."""

    code = "pricing.unknown_coupon"
    detail = "There is no coupon with this code that can be used."


class CouponNotActive(Conflict):
    """It is not valid yet, or not any more."""

    code = "pricing.coupon_not_active"
    detail = "This coupon is not valid at the moment."


class CouponUsedUp(Conflict):
    """All of its uses are taken."""

    code = "pricing.coupon_used_up"
    detail = "This coupon has been used up."


class CouponUsedBefore(Conflict):
    """Once per customer, and this customer has."""

    code = "pricing.coupon_used_before"
    detail = "You have used this coupon before."


class CouponBelowMinimum(Conflict):
    """What it is about costs too little."""

    code = "pricing.coupon_below_minimum"
    detail = "This coupon is for purchases from {minimum}."


class CouponNotForThese(Conflict):
    """It reduces nothing of what is bought."""

    code = "pricing.coupon_not_for_these"
    detail = "This coupon is not for what you are buying."


CONSTRAINTS["uq_promotions_code_key"] = CodeTaken
CONSTRAINTS["ck_promotions_within_limit"] = LimitBelowUses
CONSTRAINTS["uq_coupon_uses_once_user"] = CouponUsedBefore
CONSTRAINTS["uq_coupon_uses_once_email"] = CouponUsedBefore
CONSTRAINTS["uq_shipping_areas_country_region_postal_prefix"] = AreaTaken
CONSTRAINTS["uq_shipping_methods_code"] = MethodTaken
CONSTRAINTS["uq_tax_rates_place_class_from"] = RateTaken
CONSTRAINTS["fk_shipping_methods_vendor_id"] = UnknownScope
