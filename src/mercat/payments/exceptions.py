"""Errors of payments."""

from mercat.kit.problems import CONSTRAINTS, Conflict, Invalid, NotFound, Unavailable


class PaymentNotFound(NotFound):
    """No such payment, or not for this reader."""

    code = "payments.not_found"
    detail = "There is no such payment."


class UnknownMethod(Invalid):
    """The marketplace does not accept this payment method."""

    code = "payments.unknown_method"
    detail = "The marketplace does not take this payment method."


class AmountNotChargeable(Conflict):
    """The provider of this method does not take the currency, or not in so small units."""

    code = "payments.amount_not_chargeable"
    detail = "{amount} cannot be paid by this method. Choose another one."


class RefundNotChargeable(Conflict):
    """The payment's provider refunds nothing in so small units."""

    code = "payments.refund_not_chargeable"
    detail = "The payment provider cannot refund {amount}: its units are too coarse. Choose a rounder amount."


class AlreadyPaying(Conflict):
    """The order has a payment that is under way or done."""

    code = "payments.already_paying"
    detail = "This order already has a payment under way."


class NotByHand(Conflict):
    """The provider reports whether this payment is captured, not an operator."""

    code = "payments.not_by_hand"
    detail = "This order is paid through {provider}, which says itself whether the money has come."


class RefundExceedsCaptured(Conflict):
    """More was to be refunded than is captured or refundable."""

    code = "payments.refund_exceeds_captured"
    detail = "At most {left} can still be given back."


class RefundInOtherCurrency(Conflict):
    """The payment was made in another currency."""

    code = "payments.refund_in_other_currency"
    detail = "This payment was made in {currency} and can only be refunded in {currency}."


class PaymentDisputed(Conflict):
    """The money is disputed or lost to a dispute: a refund would pay it out twice."""

    code = "payments.disputed"
    detail = "The buyer's bank disputes {disputed} of this payment. At most {left} can still be refunded."


class ProviderUnavailable(Unavailable):
    """The provider does not answer; nothing is lost, and nothing is done twice."""

    code = "payments.provider_unavailable"
    detail = "The payment provider does not answer. Try again in a moment; nothing is paid twice."


class PaymentRefused(Conflict):
    """The provider refused the request."""

    code = "payments.refused"
    detail = "The payment provider refused: {reason}"


class MethodNotFound(NotFound):
    """No such saved method, or not this person's."""

    code = "payments.method_not_found"
    detail = "There is no such payment method."


class CodeNotTold(Conflict):
    """The answer with the code was sealed with a secret key that is not accepted any more."""

    code = "gift_cards.code_not_told"
    detail = "The code of this card cannot be told again. Block the card and issue another one."


class UnknownGiftCard(Invalid):
    """No such card, or none that can be used: a guesser is not told which."""

    code = "gift_cards.unknown"
    detail = "There is no gift card with this code that can be used."


class GiftCardNotValid(Conflict):
    """The card is blocked or has expired."""

    code = "gift_cards.not_valid"
    detail = "This gift card has expired or is blocked."


class GiftCardEmpty(Conflict):
    """The card's balance is empty."""

    code = "gift_cards.empty"
    detail = "Nothing is left on this gift card."


class GiftCardNotFound(NotFound):
    """No such gift card."""

    code = "gift_cards.not_found"
    detail = "There is no such gift card."


CONSTRAINTS["uq_payments_one_per_order"] = AlreadyPaying
