"""Whoever is connected hears of a post the moment it is published, and of nothing that is not."""

from collections.abc import Callable
from datetime import timedelta

from fastapi import FastAPI

from blogging import TITLE, author, write, written
from live_servers import opened, serving, until_all_listen
from mercat import outbox
from mercat.content.posts import jobs
from mercat.embedded import Redis
from mercat.kit import clock
from shopping import Shop

Make = Callable[..., FastAPI]


async def test_everybody_hears_of_a_post_whichever_process_they_are_at(
    shop: Shop, make: Make, redis_server: Redis
) -> None:
    ada = await author(shop)
    async with (
        serving(make(redis_url=redis_server.url)) as first,
        serving(make(redis_url=redis_server.url)) as second,
        opened(first) as here,
        opened(second) as there,
    ):
        assert await here.subscribe("posts") == {"type": "subscribed", "topics": ["posts"]}
        await until_all_listen(redis_server, 2)
        draft = await written(shop, ada, published=False, tags=["care"])
        assert await here.nothing()
        assert (await write(shop, ada, "ab")).status_code == 422
        assert await here.nothing()
        answer = await shop.client.patch(f"/posts/{draft['id']}", json={"published": True}, headers=ada.headers)

        for page in (here, there):
            heard = await page.hear()
            assert heard == {
                "type": "post.published",
                "topic": "posts",
                "id": draft["id"],
                "slug": draft["slug"],
                "title": TITLE,
                "excerpt": draft["excerpt"],
                "author": "Test P.",
                "tags": ["care"],
                "published_at": answer.json()["published_at"].replace("Z", "+00:00"),
            }
            assert await page.nothing()


async def test_a_post_that_was_due_is_heard_of_without_redis(shop: Shop, make: Make) -> None:
    ada = await author(shop)
    due = (clock.now() + timedelta(minutes=5)).isoformat()
    await written(shop, ada, published=False, publish_at=due)
    async with serving(make()) as address, opened(address) as page:
        with clock.standing_at(clock.now() + timedelta(minutes=6)):
            await jobs.publish_due(outbox.JobContext(shop.database))
        heard = await page.hear()
    assert (heard["type"], heard["title"]) == ("post.published", TITLE)
