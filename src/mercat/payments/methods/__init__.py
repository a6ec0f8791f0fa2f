"""Saved cards."""

from mercat.payments.methods.customers import customer_of, for_cards
from mercat.payments.methods.router import router
from mercat.payments.methods.service import forget, id_of, keep, of_person, ref_of
from mercat.payments.schemas import MethodRead

__all__ = ["MethodRead", "customer_of", "for_cards", "forget", "id_of", "keep", "of_person", "ref_of", "router"]
