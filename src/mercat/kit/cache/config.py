"""Settings of the cache."""

from pydantic import Field

from mercat.kit.config import Settings


class CacheSettings(Settings):
    """Whether public answers are cached, and how much of them."""

    cache: bool = Field(
        default=True, description="Keep public answers in Redis and in memory; false computes each one anew."
    )
    cache_memory_mb: int = Field(
        32, ge=1, le=4096, description="Megabytes of answers that each API process keeps in memory."
    )
    cache_seconds: int = Field(
        300, ge=1, le=86_400, description="Longest that an answer is kept, even if nothing that it shows has changed."
    )
    cache_timeout: float = Field(
        0.1, gt=0, le=10, description="Seconds until a request goes on without what Redis has cached."
    )
