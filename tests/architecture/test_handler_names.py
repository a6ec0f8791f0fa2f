"""Names under which the inbox remembers handlers: they outlive the code that they were given to."""

import re
from collections import defaultdict

from mercat.worker import REACTIONS

GIVEN = {
    "catalog.attach_picture_sizes",
    "catalog.follow_conversions",
    "catalog.follow_translations",
    "catalog.follow_vendor",
    "content.attach_picture_sizes",
    "content.index_translated_posts",
    "invoices.credit_order",
    "invoices.invoice_order",
    "notifications.confirm_order",
    "notifications.invite_member",
    "notifications.notify_access_changed",
    "notifications.notify_address_claimed",
    "notifications.notify_alert",
    "notifications.notify_former_address",
    "notifications.notify_order_cancelled",
    "notifications.notify_order_expired",
    "notifications.notify_order_paid",
    "notifications.notify_order_refunded",
    "notifications.notify_order_shipped",
    "notifications.notify_password_changed",
    "notifications.notify_payment_failed",
    "notifications.notify_payout_account_changed",
    "notifications.notify_payout_failed",
    "notifications.notify_payout_paid",
    "notifications.notify_refund_failed",
    "notifications.notify_return_decided",
    "notifications.notify_review_answered",
    "notifications.notify_review_published",
    "notifications.notify_stock_low",
    "notifications.notify_vendor_approved",
    "notifications.notify_vendor_of_return",
    "notifications.notify_vendor_order_cancelled",
    "notifications.notify_vendor_order_shipped",
    "notifications.notify_vendor_reinstated",
    "notifications.notify_vendor_rejected",
    "notifications.notify_vendor_suspended",
    "notifications.notify_vendors_of_order",
    "notifications.send_commission_invoice",
    "notifications.send_invoice",
    "notifications.send_reset_link",
    "notifications.send_verification_link",
    "notifications.welcome",
    "orders.claim_guest_orders",
    "orders.finish_return",
    "payment_processing.forget_saved_cards",
    "payment_processing.refund",
    "payment_processing.void_charge",
    "payouts.reverse_refunded",
    "payouts.update_account",
    "recommendations.count_order",
    "recommendations.index_products",
    "saved_items.check_variant_alerts",
    "saved_items.forget_views",
    "search.index_products",
    "search.index_stock",
}
"""Names in use. Add to it; a name that is changed or taken away makes half-delivered events take effect twice."""


def test_names_that_were_given_stay() -> None:
    assert {handler.name for handlers in REACTIONS.values() for handler in handlers} == GIVEN


def test_a_name_is_one_handler_s() -> None:
    owners = defaultdict(set)
    for handlers in REACTIONS.values():
        for handler in handlers:
            owners[handler.name].add(handler.function)
    assert {name: len(functions) for name, functions in owners.items() if len(functions) > 1} == {}


def test_an_event_reaches_a_handler_once() -> None:
    for event, handlers in REACTIONS.items():
        names = [handler.name for handler in handlers]
        assert sorted(set(names)) == sorted(names), event.name


def test_names_are_written_like_those_of_jobs() -> None:
    assert [name for name in GIVEN if not re.fullmatch(r"[a-z_]+\.[a-z_]+", name)] == []
