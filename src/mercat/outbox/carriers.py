"""The two ends of a fleet, for processes that ask for them: the broker's libraries are loaded then and not before."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mercat.outbox import forwarder
from mercat.outbox.claims import Around, nothing_around
from mercat.outbox.jobs import JobContext

if TYPE_CHECKING:
    from celery import Celery


def fleet(reactions: Mapping[Any, Sequence[Any]], around: Around = nothing_around) -> "Celery":
    """Return the Celery application whose processes run jobs, each inside what `around` opens."""
    from mercat.outbox.celery_fleet import fleet as made  # noqa: PLC0415 - a fifth of a second and its memory

    return made(reactions, around)


async def forward(context: JobContext) -> None:
    """Hand jobs to the fleet until told to stop."""
    from mercat.outbox.celery_fleet import BrokerAway, Deliverer  # noqa: PLC0415 - as above

    deliverer = Deliverer()
    try:
        await forwarder.forward(context, deliverer.deliver, BrokerAway)
    finally:
        deliverer.close()
