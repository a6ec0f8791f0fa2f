"""A Celery fleet runs jobs as a worker does: none lost, none doubled, whatever dies or is lost on the way."""

import os
import signal
from collections import Counter

import pytest

from mercat.embedded import Redis
from outbox.conftest import PATIENCE, Fleet

pytestmark = pytest.mark.long


def test_each_job_and_each_tick_is_run_once_by_whoever_there_is(fleet: Fleet) -> None:
    names = [f"{number:03}" for number in range(300)]
    for _ in range(2):
        fleet.forwarder()
    fleet.celery(concurrency=2)
    for name in names[:100]:
        fleet.defer("test.mark", name)
    fleet.until(lambda: fleet.count("effects"))
    for _ in range(2):  # workers hear of a job before a broker does: the fleet has had its share by now
        fleet.worker()
    fleet.until(lambda: fleet.rows("SELECT 1 FROM ticks WHERE role = 'work'"))
    for name in names[100:]:
        fleet.defer("test.mark", name)

    fleet.until(lambda: fleet.jobs() == [])

    assert fleet.effects() == names
    assert {role for (role,) in fleet.rows("SELECT DISTINCT role FROM effects")} == {"celery", "work"}
    assert max(Counter(row[0] for row in fleet.rows("SELECT name FROM ticks")).values()) == 1


def test_the_fleet_alone_does_what_a_worker_does(fleet: Fleet) -> None:
    job = fleet.defer("test.mark", "alone")
    fleet.forwarder()
    fleet.celery()

    fleet.until(lambda: fleet.jobs() == [])
    fleet.until(lambda: fleet.count("ticks") > 2)

    assert fleet.rows("SELECT name, role FROM effects") == [("alone", "celery")]
    assert fleet.rows("SELECT 1 FROM forwarded_jobs WHERE job_id = %s", job) == []
    assert fleet.rows("SELECT 1 FROM procrastinate_jobs WHERE status = 'failed'") == []


@pytest.mark.parametrize("role", ["celery", "work"])
def test_a_schedule_of_seconds_fires_on_those_seconds_alone(redis_fleet: Fleet, role: str) -> None:
    if role == "celery":
        redis_fleet.forwarder()
        redis_fleet.celery()
    else:
        redis_fleet.worker()

    redis_fleet.until(lambda: redis_fleet.count("paced") > 3)

    fired = sorted(int(name) for (name,) in redis_fleet.rows("SELECT name FROM paced"))
    assert [moment % 2 for moment in fired] == [0] * len(fired)
    assert len(set(fired)) == len(fired)


def test_a_fleet_that_is_killed_in_the_middle_of_a_job_leaves_it_to_another(fleet: Fleet) -> None:
    fleet.forwarder()
    first = fleet.celery()
    fleet.defer("test.wait", "slow")
    fleet.until(lambda: fleet.count("begun") == 1)

    fleet.kill(first)
    fleet.celery()
    fleet.until(lambda: fleet.count("begun") == 2)
    assert fleet.effects() == []
    fleet.release()
    fleet.until(lambda: fleet.jobs() == [])

    assert fleet.effects() == ["slow"]
    assert fleet.count("begun") == 2


def test_one_process_of_the_fleet_is_killed_and_the_others_go_on(fleet: Fleet) -> None:
    fleet.forwarder()
    fleet.celery(concurrency=2)
    fleet.defer("test.wait", "slow")
    fleet.until(lambda: fleet.count("begun") == 1)

    os.kill(fleet.rows("SELECT pid FROM begun")[0][0], signal.SIGKILL)
    fleet.defer("test.mark", "quick")
    fleet.until(lambda: fleet.effects() == ["quick"])
    fleet.until(lambda: fleet.count("begun") == 2)
    fleet.release()
    fleet.until(lambda: fleet.jobs() == [])

    assert fleet.effects() == ["quick", "slow"]


def test_a_forwarder_killed_between_taking_and_sending_loses_nothing(fleet: Fleet) -> None:
    names = ["a", "b", "c"]
    for name in names:
        fleet.defer("test.mark", name)
    assert fleet.worker("take").wait(PATIENCE) == -signal.SIGKILL
    assert fleet.forwarded() >= len(names)
    fleet.celery()

    fleet.forwarder()
    fleet.until(lambda: fleet.jobs() == [])

    assert fleet.effects() == names


def test_forwarders_that_are_killed_again_and_again_lose_and_double_nothing(fleet: Fleet) -> None:
    fleet.celery(concurrency=2)
    names = [f"{number:03}" for number in range(120)]
    for part in range(4):
        forwarder = fleet.forwarder()
        for name in names[part * 30 : part * 30 + 30]:
            fleet.defer("test.mark", name)
        fleet.until(lambda part=part: len(fleet.effects()) > part * 30)
        fleet.kill(forwarder)
    fleet.forwarder()

    fleet.until(lambda: fleet.jobs() == [])

    assert fleet.effects() == names


def test_what_the_broker_forgets_is_forwarded_again(fleet: Fleet) -> None:
    names = ["a", "b", "c"]
    for name in names:
        fleet.defer("test.mark", name)
    fleet.forwarder()
    fleet.purge_all(len(names))
    assert fleet.effects() == []

    fleet.celery()
    fleet.until(lambda: fleet.jobs() == [])

    assert fleet.effects() == names


def test_a_broker_that_is_away_is_waited_for(redis_fleet: Fleet, redis_server: Redis) -> None:
    redis_server.stop()
    redis_fleet.forwarder()
    redis_fleet.celery()
    redis_fleet.defer("test.mark", "before")
    redis_fleet.until(lambda: '"broker_away"' in redis_fleet.logs())
    assert redis_fleet.jobs() == [("todo", 0)]

    redis_server.start()
    redis_fleet.until(lambda: redis_fleet.effects() == ["before"])
    redis_server.stop()
    redis_fleet.defer("test.mark", "later")
    redis_fleet.until(lambda: redis_fleet.logs().count('"broker_away"') > 1)
    redis_server.start()
    redis_fleet.until(lambda: redis_fleet.jobs() == [])

    assert redis_fleet.effects() == ["before", "later"]


def test_messages_that_are_doubled_or_forged_run_nothing_twice_and_nothing_else(fleet: Fleet) -> None:
    job = fleet.defer("test.wait", "once")
    with fleet.broker as connection:
        queue = connection.SimpleQueue(fleet.queue)
        for argument in (job, job, job, job + 1_000, -1, 2**70, "1; DROP TABLE effects", None, {"id": job}):
            headers = {"task": "mercat.job", "id": os.urandom(8).hex(), "lang": "py"}
            queue.put([[argument], {}, None], headers=headers, serializer="json")
        headers = {"task": "os.system", "id": "x", "lang": "py"}
        queue.put([["true"], {}, None], headers=headers, serializer="json")
        queue.put([[job], {}, None], headers={**headers, "task": "mercat.job"}, serializer="pickle")
        queue.close()

    fleet.celery(concurrency=2)
    fleet.until(lambda: fleet.count("begun") == 1)
    fleet.defer("test.mark", "after")
    fleet.forwarder()
    fleet.until(lambda: fleet.effects() == ["after"])
    fleet.release()
    fleet.until(lambda: fleet.jobs() == [])

    assert fleet.effects() == ["after", "once"]
    assert fleet.count("begun") == 1


@pytest.mark.parametrize("role", ["celery", "work"])
def test_what_fails_is_tried_again_with_pauses_and_then_parked_with_its_reason(redis_fleet: Fleet, role: str) -> None:
    fleet = redis_fleet
    fleet.environment["MERCAT_JOB_MAX_ATTEMPTS"] = "3"
    if role == "celery":
        fleet.forwarder()
        fleet.celery()
    else:
        fleet.worker()
    job = fleet.defer("test.fail", "ada")

    fleet.until(lambda: fleet.jobs() == [("todo", 1)])
    fleet.until(lambda: fleet.jobs() == [("failed", 3)])

    times = [row[0] for row in fleet.rows("SELECT at FROM begun WHERE role = %s ORDER BY at", role)]
    assert [(b - a).total_seconds() >= pause for a, b, pause in zip(times, times[1:], (1, 2), strict=False)] == [
        True, True,
    ]  # fmt: skip
    assert fleet.rows("SELECT attempt, error, message FROM job_failures WHERE job_id = %s", job) == [
        (3, "LookupError", "nobody is called <address>, password: ***")
    ]


def test_a_job_that_ends_its_process_each_time_is_parked_and_keeps_nobody_else(fleet: Fleet) -> None:
    fleet.forwarder()
    fleet.celery()
    poison = fleet.defer("test.kill", "poison")
    for name in ("a", "b", "c"):
        fleet.defer("test.mark", name)

    fleet.until(lambda: fleet.effects() == ["a", "b", "c"])
    fleet.until(lambda: fleet.jobs() == [("failed", 3)])

    assert fleet.count("begun") == 3
    assert fleet.rows("SELECT attempt, error FROM job_failures WHERE job_id = %s", poison) == [(3, "WorkerLost")]


def test_a_job_that_ends_three_workers_is_parked_and_the_fourth_worker_lives(redis_fleet: Fleet) -> None:
    fleet = redis_fleet
    fleet.defer("test.kill", "poison")
    for _ in range(3):
        assert fleet.worker().wait(PATIENCE) == -signal.SIGKILL
    fleet.worker()
    fleet.until(lambda: fleet.jobs() == [("failed", 3)])
    fleet.defer("test.mark", "after")

    fleet.until(lambda: fleet.effects() == ["after"])

    assert fleet.count("begun") == 3


def test_people_overtake_bulk_work_at_the_broker_too(fleet: Fleet) -> None:
    fleet.environment |= {"MERCAT_FORWARD_WINDOW": "40", "MERCAT_FORWARD_AGAIN_SECONDS": "600", "SCHEDULES": "off"}
    fleet.forwarder()
    fleet.celery()
    # a fleet that starts begins with what one of its queues has before it listens to the other: its one hand is busy
    # until it listens to both, and until all that is compared has come to the broker
    fleet.defer("test.wait", "busy", bulk=True)
    fleet.until(lambda: fleet.count("begun") == 1)
    fleet.until(fleet.listens_to_both_queues)
    for number in range(60):
        fleet.defer("test.mark", f"row {number:02}", bulk=True)
    fleet.until(lambda: fleet.forwarded() == 40)
    fleet.defer("test.mark", "mail")
    fleet.until(lambda: (fleet.waiting(fleet.queue), fleet.waiting(f"{fleet.queue}.bulk")) == (1, 40))

    fleet.release()
    fleet.until(lambda: fleet.jobs() == [])

    order = [name for (name,) in fleet.rows("SELECT name FROM effects WHERE name <> 'busy' ORDER BY at")]
    assert len(order) == 61
    assert order.index("mail") < 10  # behind all that came before it would be 40; a broker may take turns for a while


def test_a_process_kept_for_people_leaves_bulk_work_to_others(redis_fleet: Fleet) -> None:
    fleet = redis_fleet
    fleet.defer("test.mark", "row", bulk=True)
    fleet.forwarder()
    fleet.celery(1, "-Q", fleet.queue)
    fleet.defer("test.mark", "mail")
    fleet.until(lambda: fleet.effects() == ["mail"])
    assert fleet.jobs() == [("todo", 0)]

    fleet.celery()
    fleet.until(lambda: fleet.effects() == ["mail", "row"])


@pytest.mark.parametrize("role", ["celery", "work"])
def test_a_job_that_hangs_is_given_up_in_time(redis_fleet: Fleet, role: str) -> None:
    fleet = redis_fleet
    fleet.environment |= {"MERCAT_JOB_MAX_ATTEMPTS": "1", "MERCAT_JOB_TIMEOUT_SECONDS": "1"}
    if role == "celery":
        fleet.forwarder()
        fleet.celery()
    else:
        fleet.worker()
    fleet.defer("test.hang", "stuck")
    fleet.defer("test.mark", "next")

    fleet.until(lambda: fleet.jobs() == [("failed", 1)])
    fleet.until(lambda: fleet.effects() == ["next"])

    assert fleet.rows("SELECT error FROM job_failures WHERE attempt = 1") == [("TimeoutError",)]


def test_told_to_stop_the_fleet_finishes_its_job_and_the_forwarder_takes_no_more(fleet: Fleet) -> None:
    forwarder, workers = fleet.forwarder(), fleet.celery()
    fleet.defer("test.wait", "slow")
    fleet.until(lambda: fleet.count("begun") == 1)

    forwarder.send_signal(signal.SIGTERM)
    assert forwarder.wait(PATIENCE) == 0
    workers.send_signal(signal.SIGTERM)
    late = fleet.defer("test.mark", "late")
    fleet.release()

    assert workers.wait(PATIENCE) == 0
    assert fleet.effects() == ["slow"]
    assert fleet.count("begun") == 1
    assert fleet.rows("SELECT status::text FROM procrastinate_jobs WHERE id = %s", late) == [("todo",)]
    assert fleet.rows("SELECT 1 FROM forwarded_jobs WHERE job_id = %s", late) == []


def test_a_full_broker_gets_no_more_than_the_window(fleet: Fleet) -> None:
    fleet.environment |= {"MERCAT_FORWARD_WINDOW": "5", "MERCAT_FORWARD_AGAIN_SECONDS": "600"}
    for number in range(30):
        fleet.defer("test.mark", f"{number:02}")
    forwarder = fleet.forwarder()
    fleet.purge_all(5)
    assert fleet.forwarded() == 5
    fleet.kill(forwarder)
    fleet.rows("DELETE FROM forwarded_jobs")

    fleet.forwarder()
    fleet.celery()
    fleet.until(lambda: fleet.jobs() == [])

    assert fleet.effects() == [f"{number:02}" for number in range(30)]
