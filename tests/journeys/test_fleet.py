"""The product with a Celery fleet instead of workers: the same mail leaves, once for each order."""

import signal
import subprocess
import sys

import pytest

from journeys.conftest import Letterbox, Product, until
from journeys.test_faults import rows
from mercat.embedded import Redis
from shopping import Shop

pytestmark = pytest.mark.long


@pytest.fixture
def fleet(product: Product, redis_server: Redis) -> Product:
    product.environment |= {"MERCAT_REDIS_URL": redis_server.url, "MERCAT_FORWARD_AGAIN_SECONDS": "2"}
    return product


def celery(product: Product) -> subprocess.Popen[bytes]:
    with (product.folder / "celery.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "mercat.worker", "worker", "--pool", "solo", "--without-gossip"],
            env=product.environment,
            stdout=log,
            stderr=log,
        )
    product.processes.append(process)
    return process


async def test_mail_leaves_once_for_each_order_though_the_fleet_is_killed(
    fleet: Product, shop: Shop, letterbox: tuple[Letterbox, str]
) -> None:
    item = await shop.item(stock=100)
    for _ in range(12):
        assert (await shop.order(item)).status_code == 201
    forwarder = fleet.run("worker", "--forward", "celery")

    first = celery(fleet)
    until(lambda: len(letterbox[0].letters) >= 3, "some mail leaves")
    first.send_signal(signal.SIGKILL)
    first.wait()
    second = celery(fleet)
    until(lambda: rows(fleet, "SELECT count(*) FROM mails WHERE status = 'sent'") == [(12,)], "all mail leaves")

    # one that dies between the server's 250 and our note sends again: the same message, by the same Message-ID
    received = {letter["Message-ID"] for letter in letterbox[0].letters}
    assert received == {row[0] for row in rows(fleet, "SELECT message_id FROM mails")}
    assert len(received) == 12
    until(
        lambda: rows(fleet, "SELECT 1 FROM procrastinate_jobs WHERE task_name NOT IN (SELECT task_name FROM"
                     " procrastinate_periodic_defers)") == [],
        "all jobs are done",
    )  # fmt: skip
    for process in (forwarder, second):
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    assert rows(fleet, "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'") == [(0,)]
