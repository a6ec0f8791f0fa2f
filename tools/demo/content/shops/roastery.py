"""Lantern Street Roasters: a small drum roaster and everything that stands between the bag and the cup."""

from content.manuscript import Workshop
from content.shapes import LegalIdentity, Palette, Shop

SHOP = Shop(
    slug="lantern-street-roasters",
    name="Lantern Street Roasters",
    tagline="Roasted on Monday, at your door by Thursday",
    description=(
        "We roast twelve kilos at a time in a cast-iron drum, taste every batch on the day after, and send what we"
        " would drink. The beans are bought from farms we know by name; the equipment stands on our own counter."
    ),
    category_slugs=("beans", "brewing", "mugs"),
    palette=Palette(("#ecdccb", "#e2d6cf", "#dbe0da", "#e9e0cf"), "#3b2c26", "#b4583a"),
    legal=LegalIdentity("Lantern Street Kaffeerösterei GmbH", "Laternengasse 12", "20459", "Hamburg", "DE672874271"),
)

CATALOGUE = """
# Lamplighter House Blend | beans | 11.50 | 280 g | bag paprika/espresso | coffee, blend, chocolate | loved
* Size: 250 g, 1 kg +26 ~1060
* Grind: Whole bean, Filter, Espresso
The blend we open the shutters with: cocoa, roasted hazelnut and a little orange peel. It forgives a careless kettle
and rewards a careful one.
@ Roast: Medium; Notes: Cocoa, hazelnut, orange; Origin: Brazil and Guatemala
# Night Shift Espresso | beans | 12 | 280 g | bag black/marigold | coffee, espresso, dark | loved
* Size: 250 g, 1 kg +28 ~1060
* Grind: Whole bean, Espresso
A dark, syrupy espresso that stands up to milk without shouting. Named for the nurses who come at seven in the
morning and go home to bed.
@ Roast: Dark; Notes: Molasses, walnut, cherry; Origin: Brazil and India
# Hill Farm Guji | beans | 15.50 | 280 g | bag sage/burgundy | coffee, single origin, floral | new
* Size: 250 g, 1 kg +38 ~1060
* Grind: Whole bean, Filter
Washed coffee from small gardens high above the road. Jasmine first, then apricot, and a finish as clean as rinsed
glass.
@ Roast: Light; Notes: Jasmine, apricot, honey; Origin: Guji, Ethiopia
# San Isidro Honey | beans | 14.50 | 280 g | bag saffron/espresso | coffee, single origin, sweet
* Size: 250 g, 1 kg +36 ~1060
* Grind: Whole bean, Filter
Dried with some of the fruit left on, which gives it the sweetness of baked pears. The farm is worked by two
sisters, who send us photographs of their dogs.
@ Roast: Light; Notes: Pear, caramel, almond; Origin: Tarrazu, Costa Rica
# Red Soil Kenya | beans | 16 | 280 g | bag cranberry/pine | coffee, single origin, fruity
* Size: 250 g, 500 g +14 ~540
* Grind: Whole bean, Filter!
Blackcurrant and tomato leaf, loud and unmistakable. The coffee that turned two of our staff away from tea for good.
@ Roast: Light; Notes: Blackcurrant, rhubarb, brown sugar; Origin: Nyeri, Kenya
# Quiet Hours Decaf | beans | 13 | 280 g | bag lilac/ink | coffee, decaf, evening
* Size: 250 g, 500 g +11 ~540
* Grind: Whole bean, Filter
Decaffeinated with spring water, then roasted as if nothing had happened. Milk chocolate and malt, for conversations
after dinner.
@ Roast: Medium; Notes: Milk chocolate, malt; Origin: Huila, Colombia
# Counter Kilo | beans | 34 | 1060 g | bag.kilo pine/saffron | coffee, office, value | sale 10
* Grind: Whole bean, Filter
The big bag that cafes take from us, in a sack with a tin tie. One medium roast, no story, and no arguments in the
office kitchen.
@ Roast: Medium; Notes: Toast, cocoa, dried fig; Origin: Peru and Brazil
# Three Streets Sampler | beans | 24 | 420 g | bag.sampler paprika/pine | coffee, sampler, gift | loved
* Grind: Whole bean, Filter
Three bags of 120 g: one bright, one round, one dark. With a card that explains what to look for, and nothing that
tells you what to like.
@ Contents: 3 x 120 g
# Gooseneck Kettle | brewing | 72 | 1050 g | kettle /walnut | kettle, pour-over, steel | loved
* Finish: Black, Steel, Copper +12
The spout is as slim as a pencil, so the water lands where you look. A thermometer sits in the lid and the handle
stays cool.
@ Volume: 0.9 l; Hob: All, with induction
# Whistling Stove Kettle | brewing | 58 | 1300 g | kettle.stove /paprika | kettle, stove, enamel
* Colour: Sage, Cream, Ink
An enamelled kettle with a low, civil whistle. Wide enough at the bottom to boil quickly and heavy enough to stay
put on a crowded stove.
@ Volume: 2 l; Hob: All, with induction
# Porcelain Dripper | brewing | 29 | 420 g | dripper.cone /cream | pour-over, porcelain, filter
* Colour: White, Paprika
* Size: One cup, Two cups +5 ~520
Spiral ribs, one large hole and thick walls that hold their heat. It sits on any mug and has nothing to break but
itself.
@ Filter: Cone papers
# Dripper and Server Set | brewing | 54 | 880 g | dripper paprika/walnut | pour-over, set, glass | loved
The dripper, a glass server and forty papers, in a box that needs no further wrapping. Makes two generous cups in
three and a half minutes.
@ Volume: 0.6 l
# Hourglass Brewer | brewing | 62 | 700 g | carafe.hourglass | pour-over, glass, classic
* Collar: Walnut, Beech
One piece of glass with a wooden collar tied in leather. It brews six cups of very clean coffee and looks well on
the shelf for the rest of the day.
@ Volume: 0.9 l; Material: Borosilicate glass
# Long Night Cold Brewer | brewing | 38 | 780 g | carafe.bottle sage/paprika | cold brew, glass, summer
Fill it in the evening, forget it in the fridge, pour it over ice at noon. The mesh catches everything but the
flavour.
@ Volume: 0.75 l; Time: 12 hours
# Glass Range Server | brewing | 27 | 430 g | carafe | server, glass, filter
* Lid: Black, Oak
A server with a scale you can read and a lid that closes flush. Withstands the flame of a small stove and the
attention of guests.
@ Volume: 0.6 l; Material: Borosilicate glass
# Lantern French Press | brewing | 46 | 820 g | press /walnut | french press, glass, classic
* Frame: Copper, Black
* Size: Three cups, Eight cups +14 ~1180
A double-screened plunger leaves the sediment behind and the body in. Takes apart without tools, which is the only
way it will ever be cleaned.
@ Volume: 0.35 l or 1 l
# Octagon Moka Pot | brewing | 34 | 560 g | moka /espresso | moka, stove, espresso | loved
* Finish: Silver, Black
* Size: Three cups, Six cups +9 ~820
Eight sides, so you can grip it when it is wet, and a valve that has been tested one by one. Makes the coffee of
railway kitchens and good mornings.
@ Hob: Gas and ceramic
# Pocket Hand Grinder | brewing | 84 | 480 g | grinder /copper | grinder, steel burrs, travel
* Finish: Black, Walnut, Silver
Steel burrs on two bearings give an even grind with very little arm. Grinds for one in half a minute; silent enough
for a sleeping house.
@ Holds: 25 g; Burrs: 38 mm steel
# Knee Grinder | brewing | 96 | 1450 g | grinder.box | grinder, wood, traditional | sale 15
* Wood: Walnut, Beech
A dovetailed box to hold between the knees, with a brass hopper and a drawer that smells better each year. Our
grandmothers were right about most things.
@ Holds: 40 g; Burrs: Cast steel
# Barista Scale | brewing | 49 | 520 g | scale /paprika | scale, timer, precise | new
* Colour: Black, White
Weighs to a tenth of a gram and starts the clock with the first drop. A silicone mat keeps the feet dry and the cup
where you left it.
@ Maximum: 2 kg; Power: USB-C
# Beech Coffee Scoop | brewing | 12 | 40 g | scoop beech/walnut | scoop, wood, small
* Wood: Beech, Walnut
Holds ten grams of whole beans, which is one cup minus the arithmetic. Turned from offcuts by the maker of our
counters.
@ Holds: 10 g
# Dial Tamper | brewing | 39 | 380 g | scoop.tamper | tamper, espresso, steel
* Handle: Walnut, Black
* Base: 54 mm, 58 mm
A flat steel base under a handle that fills the palm. Heavy enough to do the work and level enough to stop you from
worrying.
@ Material: Steel and wood
# Counter Brush | brewing | 14 | 60 g | scoop.brush ink/beech | brush, cleaning, bristle
Natural bristle for sweeping grounds out of grinders, corners and keyboards. Hangs from a leather loop.
@ Material: Beech and bristle
# Unbleached Filter Papers | brewing | 6.50 | 120 g | filters sand/sand | filters, paper, compostable | loved
* Size: One cup, Two cups +1
A hundred papers without bleach or taste; rinse once, brew, compost. The seam is crimped and does not open at the
wrong moment.
@ Contents: 100
# Filtre en coton « Matinée » | brewing | 16 | 50 g | filters.cloth chestnut | café, coton, réutilisable
Du coton brossé sur un anneau de bois, pour une tasse qui a le corps d'une cafetière à piston et la clarté du
papier. Gardé dans un verre d'eau au réfrigérateur, il dure des mois.
@ Material: Cotton and beech
# Tasse à café crème | mugs | 23 | 460 g | cup | tasse, soucoupe, porcelaine | loved
* Colour: Sage, White, Paprika
* Set: One, Four +62 ~1840
La tasse de notre comptoir : des parois épaisses, une anse pour un seul doigt et une soucoupe où le biscuit trouve
sa place. Émaillée dans une couleur qui rend la mousse plus blanche.
@ Volume: 180 ml; Care: Dishwasher safe
# Bohnendose „Röstfrisch“ | brewing | 21 | 260 g | tin | Aufbewahrung, Kaffee, Geschenk für Zuhause
* Colour: Marigold, Ink, Sage
Eine Dose mit einem inneren Deckel, der die Luft hinausdrückt. Sie fasst eine Tüte von 250 g und hält sie einen
Monat lang frisch.
@ Holds: 250 g
"""

WORKSHOP = Workshop(
    SHOP,
    prefix="LSR",
    accent="espresso",
    made={},
    catalogue=CATALOGUE,
    brand="Lantern Street",
)
