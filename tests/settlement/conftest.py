"""Jobs that are run until none is left."""

from collections.abc import Awaitable, Callable

import pytest

from mercat import outbox
from mercat.worker import REACTIONS
from shopping import Shop

Work = Callable[[], Awaitable[None]]


@pytest.fixture
def work(shop: Shop) -> Work:
    """Runs jobs until none is due."""

    async def run() -> None:
        context = outbox.JobContext(shop.database, REACTIONS)
        await outbox.run_worker(context, wait=False, install_signal_handlers=False)

    return run
