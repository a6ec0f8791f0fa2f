"""What the cache of a process did, over HTTP."""

from fastapi import APIRouter, Depends, Request
from pydantic import Field

from mercat.auth import REFUSED, Permission, Requires
from mercat.kit.cache import Outcome, get_cache, hits_of, rate_of
from mercat.kit.openapi import refusals
from mercat.kit.problems import Forbidden
from mercat.kit.shapes import Shape

router = APIRouter(prefix="/cache", tags=["jobs"])
Reader = Depends(Requires(Permission.jobs_read))


class CacheCounts(Shape):
    """How requests for what is cached were answered, or one kind of it, since the process began."""

    hit_rate: float = Field(examples=[0.97])
    """The part of what could be cached that was not computed anew; 0 if nobody asked."""
    hits: int = Field(examples=[970])
    """From memory, from Redis, of a moment ago while it was computed anew, or of somebody else's work."""
    misses: int = Field(examples=[30])
    outcomes: dict[str, int] = Field(examples=[{"memory": 900, "redis": 70, "miss": 30, "bypass": 12}])
    """All outcomes; `bypass` is what is not cached, since somebody known asks, `error` what Redis did not do."""


class CacheState(CacheCounts):
    """What the cache did, in all and by what is cached."""

    policies: dict[str, CacheCounts]


@router.get("", dependencies=[Reader], responses=refusals(*REFUSED, Forbidden))
async def read_cache(request: Request) -> CacheState:
    """Return what the cache of the process that answers did since it began; each process counts its own requests."""
    counters = get_cache(request).counters
    by_name = counters.by_name()
    total: dict[str, int] = {}
    for outcomes in by_name.values():
        for outcome, count in outcomes.items():
            total[outcome] = total.get(outcome, 0) + count
    return CacheState(
        **_counts(total).model_dump(), policies={name: _counts(outcomes) for name, outcomes in by_name.items()}
    )


def _counts(outcomes: dict[str, int]) -> CacheCounts:
    hits, misses = hits_of(outcomes), outcomes.get(Outcome.miss, 0)
    return CacheCounts(hit_rate=rate_of(hits, misses), hits=hits, misses=misses, outcomes=outcomes)
