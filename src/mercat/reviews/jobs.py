"""What reviews do by themselves."""

from mercat import outbox
from mercat.reviews import photo_rows


@outbox.every(outbox.daily(3, 27), "reviews.release_photos", lane=outbox.Lane.bulk)
async def release_photos(context: outbox.JobContext) -> None:
    """Let uploads go whose reviews went with a purged product."""
    while True:
        async with context.database.transaction() as session:
            if not await photo_rows.release_unused(session):
                return
