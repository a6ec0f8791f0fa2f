"""Sales and coupons: what operators offer, and who used it.

Owns: promotions, coupon uses.
Calls: catalog, vendors, auth, audit, outbox.
Publishes: nothing.
Listens: nothing.
"""

from mercat.pricing.promotions import jobs
from mercat.pricing.promotions.applicable import Coupon, Offered, offered
from mercat.pricing.promotions.guess_limits import CouponGuesses
from mercat.pricing.promotions.personal import CouponRecord, forget, record_of
from mercat.pricing.promotions.router import router
from mercat.pricing.promotions.sales import reductions
from mercat.pricing.promotions.schemas import PromotionWrite
from mercat.pricing.promotions.service import create
from mercat.pricing.promotions.uses import Claim, Claimed, claim, give_back

__all__ = [
    "Claim",
    "Claimed",
    "Coupon",
    "CouponGuesses",
    "CouponRecord",
    "Offered",
    "PromotionWrite",
    "claim",
    "create",
    "forget",
    "give_back",
    "jobs",
    "offered",
    "record_of",
    "reductions",
    "router",
]
