"""Reviews are by people who got the thing, each once, and most people are content."""

from collections import Counter

from content import PEOPLE, past_orders, products, reviews, wishes

HANDLES = {variant.sku: product.handle for product in products() for variant in product.variants}


def test_each_is_by_somebody_who_has_it_after_it_came() -> None:
    got: dict[tuple[int, str], int] = {}
    for order in past_orders():
        for sku, _ in order.lines:
            if order.outcome in {"delivered", "completed"}:
                got.setdefault((order.buyer_index, HANDLES[sku]), order.placed_days_ago)
    assert 100 <= len(reviews()) <= 350
    assert len({(review.buyer_index, review.handle) for review in reviews()}) == len(reviews())
    assert all(1 <= r.days_ago < got[r.buyer_index, r.handle] for r in reviews())
    assert any(PEOPLE[review.buyer_index].first_name == "Bruno" for review in reviews())


def test_most_are_content_and_shops_answer_those_who_are_not() -> None:
    stars = Counter(review.rating for review in reviews())
    assert set(stars) == {1, 2, 3, 4, 5}
    assert stars[5] + stars[4] > 0.7 * stars.total()
    sad = [review for review in reviews() if review.rating <= 3]
    assert sum(review.reply is not None for review in sad) > 0.3 * len(sad)


def test_wishes_are_for_different_things_there_are() -> None:
    handles = [wish.handle for wish in wishes()]
    assert len(handles) == len(set(handles)) >= 3
    assert set(handles) <= set(HANDLES.values())
