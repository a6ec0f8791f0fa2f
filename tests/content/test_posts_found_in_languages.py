"""Posts are found by the words of their reader's language, and indexed anew when languages change."""

import pytest

from blogging import author, titles, written
from mercat.content.posts.search_document import follow_languages
from mercat.outbox import JobContext
from mercat.worker import REACTIONS
from shopping import Person, Shop


@pytest.fixture(autouse=True)
def _languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_LOCALES", "en,de,de-AT,fr")


async def translate(shop: Shop, person: Person, post_id: str, locale: str, **texts: str) -> None:
    path = f"/posts/{post_id}/translations/{locale}"
    answer = await shop.client.put(path, json={"texts": texts}, headers=person.headers)
    assert answer.status_code == 200, answer.text
    await shop.handle_events()


async def test_words_are_those_of_the_language_of_the_reader(shop: Shop) -> None:
    ada = await author(shop)
    post = await written(shop, ada, "Washing mugs", tags=["ceramics"])
    await written(shop, ada, "Firing kilns")
    await translate(shop, ada, post["id"], "de", title="Becher spülen", content="Nur in den Korb damit.")

    for locale in ("de", "de-AT"):
        for words in ("bechern", "korb", "ceramics", "becher -ofen"):
            assert await titles(shop, f"?locale={locale}&q={words}") == ["Becher spülen"], (locale, words)
        for words in ("mug", "washing", "becher -korb"):
            assert await titles(shop, f"?locale={locale}&q={words}") == [], (locale, words)
        # nothing of it is translated: found by what its readers see, in the forms of its own language
        assert await titles(shop, f"?locale={locale}&q=kiln") == ["Firing kilns"]
    for locale in ("en", "fr"):
        assert await titles(shop, f"?locale={locale}&q=mug") == ["Washing mugs"]
        assert await titles(shop, f"?locale={locale}&q=becher") == []
    assert await titles(shop, "?locale=de&q=becher&cursor=") == ["Becher spülen"]

    # text by text: the Austrian title before the German one, and the German text
    await translate(shop, ada, post["id"], "de-AT", title="Häferl spülen")
    assert await titles(shop, "?locale=de-AT&q=häferl+korb") == ["Häferl spülen"]
    assert await titles(shop, "?locale=de-AT&q=becher") == []
    assert await titles(shop, "?locale=de&q=becher") == ["Becher spülen"]


async def test_what_is_taken_back_is_not_found_in_any_language(shop: Shop) -> None:
    ada = await author(shop)
    post = await written(shop, ada, "Washing mugs")
    path = f"/posts/{post['id']}"
    await translate(shop, ada, post["id"], "de", title="Becher spülen")
    assert await titles(shop, "?locale=de&q=becher") == ["Becher spülen"]
    assert (await shop.client.delete(f"{path}/translations/de", headers=ada.headers)).status_code == 204
    await shop.handle_events()
    assert await titles(shop, "?locale=de&q=becher") == []
    assert await titles(shop, "?locale=de&q=mug") == ["Washing mugs"]

    await translate(shop, ada, post["id"], "de", title="Becher spülen")
    await shop.client.patch(path, json={"published": False}, headers=ada.headers)
    await shop.handle_events()
    await translate(shop, ada, post["id"], "fr", title="Laver les tasses")
    assert await titles(shop, "?locale=de&q=becher") == await titles(shop, "?locale=fr&q=tasses") == []
    assert await shop.rows("SELECT count(*) FROM post_search") == [(0,)]


async def test_other_languages_of_the_marketplace_index_all_posts_anew(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await author(shop)
    post = await written(shop, ada, "Becher spülen", content="Nur in den Korb damit.")
    draft = await written(shop, ada, "Ein Entwurf", published=False)
    await translate(shop, ada, post["id"], "fr", title="Laver les tasses")
    context = JobContext(shop.database, REACTIONS)
    indexed = "SELECT locale, languages, xmin::text FROM post_search ORDER BY locale"
    before = await shop.rows(indexed)
    assert [row[:2] for row in before] == [("en", "en,de,de-AT,fr"), ("fr", "en,de,de-AT,fr")]
    await follow_languages(context)
    assert await shop.rows(indexed) == before

    # German was written all the time: the first language says so from now on
    assert await titles(shop, "?locale=en&q=bechern") == []
    monkeypatch.setenv("MERCAT_LOCALES", "de,en")
    await follow_languages(context)
    assert [row[:2] for row in await shop.rows(indexed)] == [("de", "de,en")]
    for locale in ("de", "en"):
        assert await titles(shop, f"?locale={locale}&q=bechern") == ["Becher spülen"]
        assert await titles(shop, f"?locale={locale}&q=tasses") == []
    assert await shop.rows("SELECT count(*) FROM post_search WHERE post_id = %s", draft["id"]) == [(0,)]
