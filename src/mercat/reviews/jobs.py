"""What reviews do by themselves."""

from mercat import outbox
from mercat.reviews import photo_rows


@outbox.every("27 3 * * *", "reviews.release_photos")
async def release_photos(context: outbox.JobContext) -> None:
    """Let uploads go whose reviews went with a purged product."""
    while True:
        async with context.database.transaction() as session:
            if not await photo_rows.release_unused(session):
                return
