"""How often providers are asked, how they answer and how long it takes."""

from http import HTTPStatus

from mercat.kit import metrics

CALLS = metrics.counter(
    "mercat_provider_calls", "Requests to payment providers: answered, refused, failed, or no answer at all (away).",
    "provider", "outcome",
)  # fmt: skip
SECONDS = metrics.histogram(
    "mercat_provider_seconds", "Time until a payment provider has answered, or was no longer waited for.", "provider"
)


def outcome_of(status: int) -> str:
    """Return how an answer is counted."""
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "failed"
    return "refused" if status >= HTTPStatus.BAD_REQUEST else "answered"
