"""Returns of goods, and their refunds."""

from mercat.orders.returns.handlers import finish_return
from mercat.orders.returns.lifecycle import Reason
from mercat.orders.returns.personal import forget, record_of, unfinished
from mercat.orders.returns.queries import read
from mercat.orders.returns.router import router
from mercat.orders.returns.schemas import ReturnCreate, ReturnRead
from mercat.orders.returns.service import ask
from mercat.orders.returns.vendor_router import router as vendor_router

__all__ = [
    "Reason",
    "ReturnCreate",
    "ReturnRead",
    "ask",
    "finish_return",
    "forget",
    "read",
    "record_of",
    "router",
    "unfinished",
    "vendor_router",
]
