"""Synonyms: what they add to a query, that operators keep them, and that they come and go as a file."""

from typing import Any

import httpx2
import pytest

from mercat import auth
from mercat.search.curation.synonyms import Entry, Synonyms, service
from mercat.search.curation.synonyms.schemas import SynonymWrite
from mercat.search.text import analyzer, parse
from shopping import Shop


def expanded(typed: str, *entries: Entry, locale: str = "en") -> list[list[str]]:
    words = analyzer(locale)
    query = Synonyms(entries, words).expand(parse(typed, words))
    return [[" ".join(word.written for word in words) for words in group] for group in query.groups]


COUCH = Entry(("couch", "sofa"))
BIKE = Entry(("bike",), ("bicycle",))
TEE = Entry(("t-shirt", "tee"))


@pytest.mark.parametrize(
    ("typed", "entries", "groups"),
    [
        ("red couch", [COUCH], [["red"], ["couch", "sofa"]]), ("SOFAS", [COUCH], [["sofas", "couch"]]),
        ("bike", [BIKE], [["bike", "bicycle"]]), ("bicycle", [BIKE], [["bicycle"]]),
        ("red t shirt", [TEE], [["red"], ["t shirt", "tee"]]), ("t-shirts", [TEE], [["t shirts", "tshirts", "tee"]]),
        ("tee", [TEE], [["tee", "t shirt", "tshirt"]]), ("tshirt", [TEE], [["tshirt", "tee"]]),
        ("shirt t", [TEE], [["shirt"], ["t"]]),
        ("tee or hat", [TEE], [["tee", "hat", "t shirt", "tshirt"]]),
        # no chains: what was added is not expanded again
        ("a1", [Entry(("a1", "b1")), Entry(("b1", "c1"))], [["a1", "b1"]]),
        ("b1", [Entry(("a1", "b1")), Entry(("b1", "c1"))], [["b1", "a1", "c1"]]),
        # of terms that overlap the longest one counts
        ("t shirt", [TEE, Entry(("shirt", "top"))], [["t shirt", "tee"]]),
        ("sofa mug", [Entry(("sofa", "couch")), Entry(("sofa", "divan"))], [["sofa", "couch", "divan"], ["mug"]]),
        ("salt and pepper", [Entry(("salt and pepper", "cruet"))], [["salt pepper", "cruet"]]),
        ('"couch" -sofa', [COUCH], []),
    ],
)  # fmt: skip
def test_a_query_gets_what_means_the_same(typed: str, entries: list[Entry], groups: list[list[str]]) -> None:
    assert expanded(typed, *entries) == groups


def test_words_are_compared_by_the_rules_of_the_language() -> None:
    cup = Entry(("Tasse", "Becher"))

    assert expanded("Tassen", cup, locale="de") == [["tassen", "becher"]]
    assert expanded("grüner stuhl", Entry(("Stühle", "Hocker")), locale="de") == [["gruner"], ["stuhl", "hocker"]]
    assert expanded("creme brulee", Entry(("Crème brûlée", "flan")), locale="fr") == [["creme brulee", "flan"]]


def test_what_is_excluded_and_what_is_in_quotes_stays_as_it_is() -> None:
    words = analyzer("en")
    query = Synonyms([COUCH], words).expand(parse('couch -sofa "red couch"', words))

    assert [word.written for word in query.excluded] == ["sofa"]
    assert [[spellings[0] for spellings in phrase.words] for phrase in query.phrases] == [["red", "couch"]]


def test_a_query_gets_only_so_many() -> None:
    many = Entry(tuple(f"word{n}" for n in range(12)))
    words = analyzer("en")
    synonyms = Synonyms([many, *(Entry(("mug", f"cup{n} a{n} b{n}")) for n in range(100))], words)

    query = synonyms.expand(parse(" ".join(["mug"] * 8 + ["word1"] * 8), words))

    assert sum(len(group) for group in query.groups) == 16 + 40


async def send(shop: Shop, method: str, path: str, **more: Any) -> httpx2.Response:
    headers = {**(await shop.admin()).headers, **more.pop("headers", {})}
    answer: httpx2.Response = await shop.client.request(method, f"/search-synonyms{path}", headers=headers, **more)
    return answer


async def keep(shop: Shop, *terms: str, finds: tuple[str, ...] = ()) -> dict[str, Any]:
    answer = await send(shop, "POST", "", json={"terms": [*terms], "finds": [*finds]})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def names(shop: Shop, **asked: Any) -> list[str]:
    page = (await shop.client.get("/products/search", params=asked)).json()
    listed = (await shop.client.get("/products", params=asked)).json()
    assert [item["id"] for item in page["items"]] == [item["id"] for item in listed["items"]]
    return [item["name"] for item in page["items"]]


@pytest.mark.usefixtures("each_engine")
async def test_who_types_one_finds_the_other(shop: Shop) -> None:
    for name in ("Sofa", "Couch cover", "Bicycle", "Cotton tee", "Mug"):
        await shop.item(name=name)
    await shop.handle_events()
    assert await names(shop, q="couch") == ["Couch cover"]

    await keep(shop, "couch", "sofa")
    await keep(shop, "bike", finds=("bicycle",))
    await keep(shop, "t-shirt", "tee")

    # what was typed comes before what means the same
    assert await names(shop, q="couch") == ["Couch cover", "Sofa"]
    assert await names(shop, q="sofas") == ["Sofa", "Couch cover"]
    assert await names(shop, q="bikes") == ["Bicycle"]
    assert await names(shop, q="cotton t shirt") == await names(shop, q="T-Shirts") == ["Cotton tee"]
    assert await names(shop, q="couch -sofa") == ["Couch cover"]
    assert await names(shop, q='"couch"') == ["Couch cover"]
    page = (await shop.client.get("/products/search", params={"q": "couch", "size": 1})).json()
    assert (page["total"], page["did_you_mean"], page["facets"]["vendor"]["values"][0]["count"]) == (2, None, 2)


@pytest.mark.usefixtures("each_engine")
async def test_slips_in_words_with_synonyms_are_corrected(shop: Shop) -> None:
    await shop.item(name="Red sofa")
    await shop.handle_events()
    await keep(shop, "couch", finds=("sofa",))

    page = (await shop.client.get("/products/search", params={"q": "red couhc"})).json()
    assert ([item["name"] for item in page["items"]], page["did_you_mean"]) == (["Red sofa"], "red couch")
    page = (await shop.client.get("/products/search", params={"q": "rde couch"})).json()
    assert ([item["name"] for item in page["items"]], page["did_you_mean"]) == (["Red sofa"], "red couch")


async def test_a_change_is_in_effect_at_once(shop: Shop) -> None:
    await shop.item(name="Sofa")
    await shop.handle_events()
    made = await keep(shop, "couch", "divan")
    assert await names(shop, q="couch") == []

    etag = (await send(shop, "GET", f"/{made['id']}")).headers["ETag"]
    changed = await send(shop, "PUT", f"/{made['id']}", json={"terms": ["couch", "sofa"]}, headers={"If-Match": etag})
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    assert await names(shop, q="couch") == ["Sofa"]
    late = await send(shop, "PUT", f"/{made['id']}", json={"terms": ["couch", "mug"]}, headers={"If-Match": etag})
    assert late.status_code == 412
    assert await names(shop, q="couch") == ["Sofa"]

    assert (await send(shop, "DELETE", f"/{made['id']}")).status_code == 204
    assert await names(shop, q="couch") == []
    assert (await send(shop, "GET", f"/{made['id']}")).status_code == 404


async def test_what_another_process_changed_is_read_anew(shop: Shop) -> None:
    await shop.item(name="Sofa")
    await shop.handle_events()
    assert await names(shop, q="couch") == []

    async with shop.database.transaction() as session:  # past the application
        new = SynonymWrite(terms=["couch", "sofa"])
        await service.create(session, auth.Actor.system(), new)

    assert await names(shop, q="couch") == ["Sofa"]


@pytest.mark.parametrize(
    "body",
    [
        {"terms": ["couch"]}, {"terms": []}, {"terms": ["couch", "Couch"]}, {"terms": ["a"], "finds": ["Ä"]},
        {"terms": ["a|b", "c"]}, {"terms": ["--", "c"]}, {"terms": ["a b c d e f g", "c"]}, {"terms": ["a", "b" * 101]},
        {"terms": [str(n) for n in range(13)]}, {"locale": "english", "terms": ["a", "b"]},
        {"terms": ["a", "b"], "more": 1}, {"terms": ['"a"', "b"]},
    ],
)  # fmt: skip
async def test_what_says_nothing_is_refused(shop: Shop, body: dict[str, Any]) -> None:
    assert (await send(shop, "POST", "", json=body)).status_code == 422
    assert await shop.rows("SELECT count(*) FROM search_synonyms") == [(0,)]


async def test_the_same_is_said_once_and_only_so_much(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = await keep(shop, "couch", "sofa"), await keep(shop, "mug", "cup")

    again = await send(shop, "POST", "", json={"terms": ["Sofa", "COUCH"]})
    other = await send(shop, "PUT", f"/{second['id']}", json={"terms": ["sofa", "couch"]})
    assert [(answer.status_code, answer.json()["code"]) for answer in (again, other)] == [
        (409, "search.synonym_taken")
    ] * 2
    assert (await send(shop, "PUT", f"/{first['id']}", json={"terms": ["Sofa", "Couch"]})).status_code == 200

    monkeypatch.setattr("mercat.search.curation.synonyms.service.MOST", 2)
    refused = await send(shop, "POST", "", json={"terms": ["one", "too many"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "search.too_many_synonyms")


async def test_only_operators_keep_them(shop: Shop) -> None:
    buyer = await shop.buyer()
    for method, path in (("GET", ""), ("POST", ""), ("GET", "/export"), ("POST", "/import")):
        answer = await shop.client.request(method, f"/search-synonyms{path}", headers=buyer.headers)
        assert answer.status_code == 403, (method, path)


async def test_they_are_found_by_their_terms(shop: Shop) -> None:
    await keep(shop, "Crème brûlée", "flan")
    await keep(shop, "couch", finds=("sofa",))

    for query, total in (("q=BRULEE", 1), ("q=sofa", 1), ("q=x", 0), ("locale=de", 0), ("locale=en&sort=locale", 2)):
        assert (await send(shop, "GET", f"?{query}")).json()["total"] == total, query


async def bring(shop: Shop, content: str | bytes) -> httpx2.Response:
    return await send(shop, "POST", "/import", files={"file": ("synonyms.csv", content, "text/csv")})


FILE = """locale,terms,finds
en,couch | sofa,
en,bike,bicycle|push bike
de,Tasse | Becher | Häferl,
en,lonely,
english,a | b,
,a | b,
en,couch | COUCH,
en,"a
b | c",
en,a|b,c,d
en,"=cmd | sum",

en,mug | cup
en,sofa|couch
"""


async def test_a_file_is_taken_in_and_bad_lines_are_reported(shop: Shop) -> None:
    report = (await bring(shop, "\ufeff" + FILE)).json()

    assert {name: report[name] for name in ("read", "created", "updated", "unchanged", "error_count")} == {
        "read": 12, "created": 6, "updated": 0, "unchanged": 1, "error_count": 5,
    }  # fmt: skip
    assert [(error["line"], error["field"], error["code"]) for error in report["errors"]] == [
        (5, "", "one_term"), (6, "locale", "string_pattern_mismatch"), (7, "locale", "string_pattern_mismatch"),
        (8, "", "same_term"), (11, "", "too_many_cells"),
    ]  # fmt: skip
    assert all(error["message"] for error in report["errors"])
    kept = (await send(shop, "GET", "?sort=created_at")).json()["items"]
    assert [(one["terms"], one["finds"]) for one in kept] == [
        (["couch", "sofa"], []), (["bike"], ["bicycle", "push bike"]), (["Tasse", "Becher", "Häferl"], []),
        (["a b", "c"], []), (["=cmd", "sum"], []), (["mug", "cup"], []),
    ]  # fmt: skip


async def test_an_export_comes_back_without_a_change(shop: Shop) -> None:
    await bring(shop, FILE)
    exported = await send(shop, "GET", "/export")
    before = await shop.rows("SELECT * FROM search_synonyms ORDER BY id")

    report = (await bring(shop, exported.content)).json()
    assert (report["read"], report["unchanged"], report["errors"]) == (6, 6, [])
    report = (await bring(shop, exported.text.replace(",", ";"))).json()
    assert (report["read"], report["unchanged"], report["errors"]) == (6, 6, [])
    assert await shop.rows("SELECT * FROM search_synonyms ORDER BY id") == before
    assert "'=cmd | sum" in exported.text

    report = (await bring(shop, exported.text.replace("couch | sofa", "couch | sofa | divan"))).json()
    assert (report["updated"], report["unchanged"]) == (1, 5)
    assert (await send(shop, "GET", "/export")).text == exported.text.replace("couch | sofa", "couch | sofa | divan")


async def test_a_line_cannot_say_what_another_entry_says(shop: Shop) -> None:
    first, second = await keep(shop, "couch", "sofa"), await keep(shop, "mug", "cup")
    head = "id,locale,terms,finds\n"

    report = (await bring(shop, f"{head}{second['id']},en,sofa|couch,\n{first['id']},en,sofa|couch|divan,\n")).json()
    assert ([error["code"] for error in report["errors"]], report["updated"]) == (["taken"], 1)
    swapped = f"{head}{first['id']},en,mug|cup,\n{second['id']},en,sofa|couch|divan,\nnone,en,x|y,\n,en,divan|x,\n"
    report = (await bring(shop, swapped)).json()
    assert [error["code"] for error in report["errors"]] == ["taken", "taken", "bad_id"]
    assert report["created"] == 1


@pytest.mark.parametrize("content", [b"\xff\xfe", b"", b"a,b\n1,2\n", b"locale,terms,terms\n", b"locale,terms\n\0"])
async def test_what_is_no_such_file_is_refused(shop: Shop, content: bytes) -> None:
    refused = await bring(shop, content)
    assert (refused.status_code, refused.json()["code"]) == (422, "search.no_synonym_file")
