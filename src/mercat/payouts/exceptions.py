"""How payouts can refuse."""

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
    """The shop has not said where its money goes."""

    code = "payouts.no_account"
    detail = "This shop has not said yet where its money goes."


class IllegalPayoutMove(Conflict):
    """The payout's life does not go that way."""

    code = "payouts.illegal_transition"
    detail = "A payout that is {current} cannot become {wanted}."


class PaidByProvider(Conflict):
    """A provider brings the money, and says what came of it."""

    code = "payouts.by_provider"
    detail = "This payout is made by {method}, which says itself what came of it."


class BadIban(Invalid):
    """Not the number of a bank account."""

    code = "payouts.bad_iban"
    detail = "This is no IBAN: a digit may be wrong."


class MethodNotOffered(Conflict):
    """Nobody pays in this way here."""

    code = "payouts.method_not_offered"
    detail = "This marketplace does not pay shops by {method}."


class NoDebtor(Conflict):
    """Nobody has said from which account the money comes."""

    code = "payouts.no_debtor"
    detail = "A SEPA file needs the marketplace's own account: set MERCAT_PAYOUT_DEBTOR_IBAN."


class NumberUnreadable(Conflict):
    """The number of a bank account is sealed with a key that is gone."""

    code = "payouts.number_unreadable"
    detail = "A bank account is sealed with a secret key that is not known here: name that key, or ask the shop anew."


class NotSepa(Conflict):
    """SEPA carries euros alone, between bank accounts."""

    code = "payouts.not_sepa"
    detail = "This run has no open payouts by bank transfer in euros."


class OnboardingUnavailable(Unavailable):
    """The provider did not answer."""

    code = "payouts.provider_unavailable"
    detail = "The provider does not answer at the moment. Try again in a little while."
