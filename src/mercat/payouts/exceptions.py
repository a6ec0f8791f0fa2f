"""Errors of payouts."""

from mercat.kit.problems import Conflict, Invalid, NotFound, Unavailable


class PayoutNotFound(NotFound):
    """No such payout, or not for this reader."""

    code = "payouts.not_found"
    detail = "There is no such payout."


class PayoutRunNotFound(NotFound):
    """No such run."""

    code = "payouts.run_not_found"
    detail = "There is no such payout run."


class NoPayoutAccount(NotFound):
    """The vendor has set no payout account."""

    code = "payouts.no_account"
    detail = "This shop has not said yet where its money goes."


class IllegalPayoutMove(Conflict):
    """The payout's life cycle has no such transition."""

    code = "payouts.illegal_transition"
    detail = "A payout that is {current} cannot become {wanted}."


class PaidByProvider(Conflict):
    """A provider makes the payout, and reports its outcome."""

    code = "payouts.by_provider"
    detail = "This payout is made by {method}, which says itself what came of it."


class BadIban(Invalid):
    """Not a valid IBAN."""

    code = "payouts.bad_iban"
    detail = "This is no IBAN: a digit may be wrong."


class MethodNotOffered(Conflict):
    """This marketplace does not pay by this method."""

    code = "payouts.method_not_offered"
    detail = "This marketplace does not pay shops by {method}."


class NoDebtor(Conflict):
    """The account that pays is not set."""

    code = "payouts.no_debtor"
    detail = "A SEPA file needs the marketplace's own account: set MERCAT_PAYOUT_DEBTOR_IBAN."


class NumberUnreadable(Conflict):
    """The number of a bank account is sealed with a key that is missing."""

    code = "payouts.number_unreadable"
    detail = "A bank account is sealed with a secret key that is not known here: name that key, or ask the shop anew."


class NotSepa(Conflict):
    """SEPA transfers only euros, between bank accounts."""

    code = "payouts.not_sepa"
    detail = "This run has no open payouts by bank transfer in euros."


class OnboardingUnavailable(Unavailable):
    """The provider did not answer."""

    code = "payouts.provider_unavailable"
    detail = "The provider does not answer at the moment. Try again in a little while."
