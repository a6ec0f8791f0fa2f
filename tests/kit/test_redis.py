"""Redis is a help and never a need: when it is away, that is an answer and not a failure."""

import pytest
from redis.exceptions import RedisError

from mercat.kit.redis import RedisSettings, answers, connect


async def test_a_redis_that_is_away_does_not_answer() -> None:
    redis = connect(RedisSettings(redis_url="redis://127.0.0.1:9/0"))

    assert await answers(redis) is False
    with pytest.raises(RedisError):
        await redis.get("anything")
    await redis.aclose()
