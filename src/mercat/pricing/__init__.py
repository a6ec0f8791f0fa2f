"""What things cost together: discounts, shipping, taxes and the totals that add up.

`arithmetic` is pure functions over values; around it lies what operators keep and what is looked up for a basket.

Owns: promotions, coupon uses, shipping zones and methods, tax rates; the flat shipping fee.
Calls: catalog, vendors, exchange, translations, auth, audit, outbox.
Publishes: nothing.
Listens: nothing.
"""

from mercat import catalog
from mercat.pricing import exceptions, promotions, shipping, taxes
from mercat.pricing.arithmetic import Line, Method, PricedLine, Share, Tariff, Terms, Totals, price
from mercat.pricing.config import PricingSettings
from mercat.pricing.destination import Destination
from mercat.pricing.exceptions import UnknownCoupon
from mercat.pricing.fields import written
from mercat.pricing.promotions import (
    Claim,
    Claimed,
    CouponGuesses,
    CouponRecord,
    claim,
    forget,
    give_back,
    record_of,
)
from mercat.pricing.quotes import Basket, Offer, Quote, offer
from mercat.pricing.shipping import ships_by

COUPON_REFUSALS = (
    exceptions.UnknownCoupon,
    exceptions.CouponNotActive,
    exceptions.CouponUsedUp,
    exceptions.CouponUsedBefore,
    exceptions.CouponBelowMinimum,
    exceptions.CouponNotForThese,
)
"""Errors of routes that take a coupon code, for `responses=`."""
catalog.reduce_by(promotions.reductions)
routers = (promotions.router, shipping.router, taxes.router)

__all__ = [
    "COUPON_REFUSALS",
    "Basket",
    "Claim",
    "Claimed",
    "CouponGuesses",
    "CouponRecord",
    "Destination",
    "Line",
    "Method",
    "Offer",
    "PricedLine",
    "PricingSettings",
    "Quote",
    "Share",
    "Tariff",
    "Terms",
    "Totals",
    "UnknownCoupon",
    "claim",
    "forget",
    "give_back",
    "offer",
    "price",
    "promotions",
    "record_of",
    "routers",
    "shipping",
    "ships_by",
    "taxes",
    "written",
]
