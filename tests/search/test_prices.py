"""Buckets of prices: few, round, and true."""

from bisect import bisect_right
from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from mercat.search.prices import EDGES, SHOWN, Bucket, shown

prices = st.lists(st.one_of(st.sampled_from(EDGES[:60]), st.integers(0, 10**9)), max_size=60)


def counted(every: list[int]) -> Counter[tuple[int, bool]]:
    edges = [EDGES[bisect_right(EDGES, price) - 1] for price in every]
    return Counter((edge, edge == price) for edge, price in zip(edges, every, strict=True))


@given(prices)
def test_every_price_is_in_a_bucket_and_a_bucket_counts_what_is_in_it(every: list[int]) -> None:
    buckets = shown(counted(every))

    assert len(buckets) <= SHOWN
    assert all({bucket.low, bucket.high} <= set(EDGES) and bucket.low < bucket.high for bucket in buckets)
    for bucket in buckets:
        assert bucket.count == sum(bucket.low <= price <= bucket.high for price in every) > 0
    assert all(any(bucket.low <= price <= bucket.high for bucket in buckets) for price in every)
    assert all(one.high <= other.low for one, other in pairwise(buckets))


def test_they_share_the_products_about_equally() -> None:
    every = [*range(1000, 2000, 10), *range(2000, 10_000, 100), *range(10_000, 100_000, 10_000)]

    buckets = shown(counted(every))

    assert len(buckets) >= 4
    assert max(bucket.count for bucket in buckets) <= len(every) / 2


def test_nothing_and_one_price() -> None:
    assert shown({}) == shown({(0, True): 0}) == []
    assert shown({(0, True): 3}) == [Bucket(0, 10, 3)]
    assert shown({(1000, False): 1}) == [Bucket(1000, 1500, 1)]
