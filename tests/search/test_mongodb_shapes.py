"""What MongoDB is asked and told; that it answers like the others is tested where `MERCAT_TEST_MONGO_URL` says."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from pymongo import ReplaceOne, UpdateOne
from pymongo.errors import AutoReconnect, ExecutionTimeout, OperationFailure, ServerSelectionTimeoutError

from mercat.search.config import SearchSettings
from mercat.search.engine import Filters, Request
from mercat.search.exceptions import EngineAway, EngineRefused
from mercat.search.mongodb.index import MongoDB, operation_of
from mercat.search.mongodb.queries import counts_of, found_by, page_of
from mercat.search.mongodb.server import Server
from mercat.search.remote import FIRST, Copy, Write
from mercat.search.text import analyzer, parse

MUG = UUID(int=7)
COPY = Copy(
    product_id=MUG, locale="en", terms=("n=mug", "~mug", "#3"), runs=("half dipped mug",), facets=(3,),
    price_minor=1200, popularity=0.5, rating_average=4.5, sold_count=2, in_stock=True, on_sale=False,
    created_at=datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC), name_key="mug",
)  # fmt: skip


def asked(words: str, **more: object) -> Request:
    return Request(parse(words, analyzer("en")), "en", Filters(**more))  # type: ignore[arg-type]  # a test's own


def test_the_index_is_asked_for_words_and_facets_alike() -> None:
    wanted = found_by(asked("mugs -red", min_price=5, facets={"brand": ("a",)}), {"brand": [3, 4]})

    assert wanted == {
        "$and": [
            {"locale": "en"},
            {"$and": [{"terms": {"$in": ["~mug"]}}]},
            {"$nor": [{"terms": {"$in": ["~red"]}}]},
            {"terms": {"$in": ["#3", "#4"]}},
            {"price_minor": {"$gte": 5}},
        ]
    }


def test_products_that_are_placed_by_hand_are_asked_for_by_themselves() -> None:
    parts = found_by(asked("mug", only=(MUG,), without=(UUID(int=8),)), {})["$and"]

    assert {"product_id": {"$in": [str(MUG)]}} in parts
    assert {"product_id": {"$nin": [str(UUID(int=8))]}} in parts


def test_a_phrase_is_found_by_its_words_and_then_by_their_order() -> None:
    [_, phrase] = found_by(asked('"set of (.*)+ cups"'), {})["$and"]

    assert phrase["$and"][:-1] == [{"terms": {"$in": [word]}} for word in ("set", "of", "cups")]
    assert phrase["$and"][-1] == {"runs": {"$regex": "(?:^| )(?:set\\ of\\ cups)(?: |$)"}}


def test_the_best_level_decides_and_then_popularity() -> None:
    steps = page_of(asked("mug"), {})

    score = steps[1]["$addFields"]["score"]["$add"]
    assert [level["$cond"][1] for level in score[0]["$max"]] == [11, 10, 5, 2]
    assert score[1] == "$popularity"
    assert steps[2:] == [
        {"$sort": {"score": -1, "product_id": -1}}, {"$skip": 0}, {"$limit": 20},
        {"$project": {"_id": 0, "product_id": 1}},
    ]  # fmt: skip


def test_a_facet_is_counted_without_its_own_condition() -> None:
    [_, counts] = counts_of(asked("mug", in_stock=True, facets={"brand": ("a",)}), {"brand": [3]})

    narrowed = {name: steps[0].get("$match") for name, steps in counts["$facet"].items()}
    brand, stock = {"terms": {"$in": ["#3"]}}, {"in_stock": True}
    assert narrowed == {
        "found": {"$and": [brand, stock]}, "price": {"$and": [brand, stock]}, "rating": {"$and": [brand, stock]},
        "in_stock": {"$and": [brand]}, "on_sale": {"$and": [brand, stock]}, "of0": {"$and": [stock]},
    }  # fmt: skip


def test_an_older_write_never_replaces_a_newer_one() -> None:
    newer, first = operation_of(Write(MUG, "en", 9, COPY)), operation_of(Write(MUG, "en", FIRST, COPY))
    gone = operation_of(Write(MUG, "en", 10, None))

    key = f"{MUG}:en"
    document = {**newer._doc}  # noqa: SLF001 - PyMongo shows it nowhere else
    assert isinstance(newer, ReplaceOne)
    assert (newer._filter, newer._upsert) == ({"_id": key, "version": {"$lte": 9}}, True)  # noqa: SLF001
    assert sorted(document.pop("terms")) == ["#3", "dipped", "half", "mug", "n=mug", "~mug"]
    assert (document["created_at"], document["facets"], document["version"]) == (1767323045678901, [3], 9)
    assert isinstance(first, UpdateOne)
    assert (first._filter, [*first._doc]) == ({"_id": key}, ["$setOnInsert"])  # noqa: SLF001
    assert gone._doc == {"locale": "", "version": 10}  # noqa: SLF001


def test_errors_say_what_is_wrong_and_show_no_password() -> None:
    settings = SearchSettings(search_url="mongodb://u:hidden@127.0.0.1:9/shelf", search_timeout=0.2)
    server = Server(settings)

    assert MongoDB(settings).where == "mongodb://127.0.0.1:9/shelf/mercat"
    for error, raised, says in (
        (AutoReconnect("gone"), EngineAway, "cannot be reached"),
        (ServerSelectionTimeoutError("u:hidden"), EngineAway, "cannot be reached"),
        (ExecutionTimeout("slow", 50), EngineAway, "does not answer within"),
        (OperationFailure("no", 13, {"errmsg": "not authorized"}), EngineRefused, "not authorized"),
    ):
        with pytest.raises(raised, match=says) as failure, server.outages():
            raise error
        assert "hidden" not in str(failure.value)
