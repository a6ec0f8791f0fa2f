"""What the demo marketplace says: posts of its blog, its pages, and the menus that lead to them."""

from typing import Any

POSTS: tuple[dict[str, Any], ...] = (
    {
        "author": "vendor",
        "days_ago": 3,
        "title": "A mug starts with a handful of mud",
        "tags": ["Ceramics", "Behind the scenes"],
        "products": ["tide-mug", "half-dipped-mug", "pebble-espresso-cup"],
        "picture": "tide-mug",
        "alt": "The Tide mug",
        "content": """Every mug we sell begins as a grey lump on a board, and most mornings it is colder than we are.

We wedge the clay until no bubble is left in it, weigh out **420 grams** and throw. A mug takes four minutes on the
wheel and three weeks until it can leave us:

| day | what happens |
|---|---|
| 1 | thrown, and left under a cloth |
| 2 | turned, and given its handle |
| 9 | dry enough for the first firing |
| 14 | glazed by hand, so that no two tide lines are alike |
| 16 | fired again, at 1,240 degrees |

The handle is the part that we argue about. Ours fits two fingers and a thumb, because that is how people hold a mug
when they are thinking.

> If yours ever loses an argument with a stone floor, write to us. We like to hear how long it lasted.
""",
    },
    {
        "author": "admin",
        "days_ago": 9,
        "title": "Coffee for one, without the fuss",
        "tags": ["Coffee", "How to"],
        "products": ["porcelain-dripper", "gooseneck-kettle", "lamplighter-house-blend", "unbleached-filter-papers"],
        "picture": "lamplighter-house-blend",
        "alt": "A bag of the Lamplighter house blend",
        "content": """You need a dripper, a kettle, good beans and three quiet minutes.

1. Rinse the paper with hot water. It tastes of paper once, and then no more.
2. Grind **15 grams** of coffee, about as coarse as sea salt.
3. Pour on 40 grams of water just off the boil and wait for half a minute. Watch it swell.
4. Pour the rest, up to 250 grams, in slow circles.

It should have run through after two and a half minutes. If it took much longer, grind coarser; if it rushed, finer.
That is all there is to it. The rest is the mug.
""",
    },
    {
        "author": "moderator",
        "days_ago": 17,
        "title": "Five houseplants that forgive you",
        "tags": ["Plants", "How to"],
        "products": ["mother-in-laws-tongue", "swiss-cheese-plant", "sword-fern", "column-cactus"],
        "picture": "swiss-cheese-plant",
        "alt": "A Swiss cheese plant",
        "content": """Some plants sulk. These do not.

- **Mother-in-law's tongue** lives in the dark corner by the coats and likes to be forgotten.
- **Swiss cheese plant**: a drink a week, and it will take over the bookshelf.
- **Column cactus** wants the brightest window and almost nothing else.
- **Sword fern** loves the bathroom, where everything else gives up.
- And **kitchen basil**, if you pick it from the top. It forgives everything but cold water.

The one mistake that kills most of them is kindness. Put a finger into the soil: if it is damp, walk away.
""",
    },
    {
        "author": "admin",
        "days_ago": 26,
        "title": "How to wash wool and still love it",
        "tags": ["Wool", "Care"],
        "products": ["shepherds-crew-jumper", "northern-yoke-jumper", "library-cardigan"],
        "picture": "shepherds-crew-jumper",
        "alt": "The Shepherd's crew jumper",
        "content": """Wool cleans itself better than we do. Hang a jumper outside for a night before you think of water.

When it has to be washed:

1. Lukewarm water, a drop of wool soap, and no hurry.
2. Press, never wring. Wool remembers being wrung.
3. Roll it up in a towel and kneel on it. This is the fun part.
4. Dry it flat, away from the stove.

Pills are not a fault: they are short fibres finding their way out. Brush them off now and then, and after a year they
are gone.
""",
    },
    {
        "author": "vendor",
        "days_ago": 38,
        "title": "Why our seconds are not second best",
        "tags": ["Ceramics"],
        "products": ["potters-seconds-mug", "porridge-bowl"],
        "picture": "porridge-bowl",
        "alt": "A porridge bowl",
        "content": """A kiln is a weather system. Now and then it rains on a shelf, and a glaze runs too far.

Such a mug holds coffee exactly as well as its neighbour. We call it a second, take a third off the price and put it
on a shelf by the door. Those who find it there usually say the same thing: *this is the nicest one.*

We could grind them up. We would rather they were used.
""",
    },
    {
        "author": "moderator",
        "days_ago": 52,
        "title": "Who makes the things you find here",
        "tags": ["Behind the scenes"],
        "products": ["branch-line-engine", "arch-no-4-city-bicycle", "apothecary-notebook", "full-moon-globe-lamp"],
        "picture": "arch-no-4-city-bicycle",
        "alt": "The Arch No. 4 city bicycle",
        "content": """Eight workshops sell on this marketplace, and none of them has more than a dozen people.

There is a bicycle workshop below a railway arch, a bindery that smells of glue and tea, a roastery with a dog, a
nursery on a hill. They pack your order themselves, and when you write to them, the answer comes from the bench.

We ask three things of everyone who wants to sell here: that they **make** what they sell, that they **mend** what can
be mended, and that they **answer** within two days. Everything else is up to them.
""",
    },
)
"""Newest first. `author` is one of the demo's accounts; `picture` the product whose uploaded picture is shown."""

PAGES: tuple[dict[str, Any], ...] = (
    {
        "slug": "about",
        "title": "About us",
        "content": """We are a marketplace for things that were made by somebody.

Eight small workshops sell here. They make mugs and bicycles, notebooks and lamps, and pack every order themselves. We
run the place: the payments, the rules, and the kettle.

This is a **demo**. Nobody here exists, nothing is sold, and every order is a rehearsal.
""",
    },
    {
        "slug": "imprint",
        "title": "Imprint",
        "content": """**Example Marketplace Ltd** (a company of this demo, which does not exist)

1 Example Street, 12345 Example Town

E-mail: [hello@example.com](mailto:hello@example.com)

Put the name, address, register number and VAT id of your company here before you open.
""",
    },
    {
        "slug": "terms",
        "title": "Terms and conditions",
        "content": """*Sample text of a demo: have yours written by somebody who knows the law where you sell.*

## 1. Who sells

Each product is sold by the vendor that its page names. The marketplace takes the order and the payment for the vendor.

## 2. Orders and payment

An order is placed with the last step of the checkout. Goods are reserved until it is paid. Prices include the taxes of
the country that they are sent to, where that is required.

## 3. Delivery

Each vendor ships its part of an order. Times and costs are shown before you order.

## 4. If something is wrong

Write to the vendor from your order. If it does not answer within two days, write to us.
""",
    },
    {
        "slug": "privacy",
        "title": "Privacy",
        "content": """*Sample text of a demo.*

- We keep what an order needs: your name, your addresses, what you bought and how you paid.
- Vendors see where their parcels go, and not who pays.
- What we recommend follows what you bought, saved and viewed. You can decline that in your profile, and what was viewed
  is deleted.
- You can download everything that we know about you, and have it erased. Invoices stay as long as the law asks.
- No pixel of anybody else's is on our pages.
""",
    },
    {
        "slug": "withdrawal",
        "title": "Right of withdrawal",
        "content": """*Sample text of a demo.*

You may withdraw from your contract within **14 days** of receiving the last goods, without giving a reason.

1. Open your order and choose what you send back.
2. Send it within 14 days of telling us.
3. You get back what you paid, with the cheapest delivery that was offered, within 14 days.

Things that were made to your wishes, and seeds in opened packets, are excepted.
""",
    },
)
"""Sample texts, which say that they are."""

MENUS: dict[str, list[dict[str, Any]]] = {
    "main": [
        {
            "label": "Home & table",
            "kind": "category",
            "target": "home",
            "children": [
                {"label": "Tableware", "kind": "category", "target": "tableware"},
                {"label": "Coffee", "kind": "category", "target": "coffee"},
            ],
        },
        {"label": "Wool", "kind": "category", "target": "wool"},
        {"label": "Garden", "kind": "category", "target": "garden"},
        {"label": "Cycling", "kind": "category", "target": "cycling"},
        {"label": "Toys", "kind": "category", "target": "toys"},
        {"label": "Stories", "kind": "url", "target": "/posts"},
    ],
    "footer": [
        {"label": "About us", "kind": "page", "target": "about"},
        {"label": "Terms", "kind": "page", "target": "terms"},
        {"label": "Privacy", "kind": "page", "target": "privacy"},
        {"label": "Right of withdrawal", "kind": "page", "target": "withdrawal"},
        {"label": "Imprint", "kind": "page", "target": "imprint"},
    ],
}
