"""What mail is written when something happened: one module for each kind of thing that it happened to."""

from mercat.notifications.reactions.accounts import (
    send_proof_link,
    send_reset_link,
    tell_former_address,
    tell_of_access,
    tell_of_claim,
    tell_of_password,
    welcome,
)
from mercat.notifications.reactions.alerts import tell_of_alert
from mercat.notifications.reactions.desk import tell_shop_of_return, tell_shops_of_order
from mercat.notifications.reactions.orders import (
    confirm_order,
    send_paper,
    tell_of_cancelling,
    tell_of_expiry,
    tell_of_failure,
    tell_of_payment,
    tell_of_refund,
    tell_of_shipping,
)
from mercat.notifications.reactions.parts import answer_return, tell_of_parcel, tell_of_part_cancelled
from mercat.notifications.reactions.payouts import (
    send_commission_invoice,
    tell_of_failed_payout,
    tell_of_payout,
    tell_of_payout_account,
)
from mercat.notifications.reactions.refunds import tell_of_failed_refund
from mercat.notifications.reactions.reviews import tell_author_of_reply, tell_shop_of_review
from mercat.notifications.reactions.shops import (
    invite_member,
    tell_of_approval,
    tell_of_reinstatement,
    tell_of_rejection,
    tell_of_suspension,
)
from mercat.notifications.reactions.stock import tell_of_low_stock

__all__ = [
    "answer_return",
    "confirm_order",
    "invite_member",
    "send_commission_invoice",
    "send_paper",
    "send_proof_link",
    "send_reset_link",
    "tell_author_of_reply",
    "tell_former_address",
    "tell_of_access",
    "tell_of_alert",
    "tell_of_approval",
    "tell_of_cancelling",
    "tell_of_claim",
    "tell_of_expiry",
    "tell_of_failed_payout",
    "tell_of_failed_refund",
    "tell_of_failure",
    "tell_of_low_stock",
    "tell_of_parcel",
    "tell_of_part_cancelled",
    "tell_of_password",
    "tell_of_payment",
    "tell_of_payout",
    "tell_of_payout_account",
    "tell_of_refund",
    "tell_of_reinstatement",
    "tell_of_rejection",
    "tell_of_shipping",
    "tell_of_suspension",
    "tell_shop_of_return",
    "tell_shop_of_review",
    "tell_shops_of_order",
    "welcome",
]
