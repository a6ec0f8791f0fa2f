"""Green Gable Nursery: plants raised slowly, and good tools."""

from content.manuscript import Workshop
from content.shapes import LegalIdentity, Palette, Shop

SHOP = Shop(
    slug="green-gable-nursery",
    name="Green Gable Nursery",
    tagline="Plants that arrive ready to stay",
    description=(
        "A family nursery under three old glasshouses. We grow without peat, harden everything off before it travels"
        " and pack plants in straw and cardboard. If one sulks, write to us: we like to know, and we usually know why."
    ),
    category_slugs=("houseplants", "outdoor-plants", "garden-tools"),
    palette=Palette(("#e3e8da", "#efe4d3", "#dbe5e2", "#ebe7da"), "#34462f", "#6f9160"),
    legal=LegalIdentity("Green Gable Gärtnerei GbR", "Gewächshausweg 1", "14467", "Potsdam", "DE227797349"),
)

CATALOGUE = """
# Swiss Cheese Plant | houseplants | 34 | 2400 g | plant.monstera fern/cream | monstera, large leaves, easy | loved
* Pot: 14 cm, 19 cm +18 ~4200, 24 cm +46 ~7500
The one with the windows in its leaves. Give it a bright corner, a moss pole and room to be admired; it will do the
rest at a pace you can watch.
@ Latin name: Monstera deliciosa; Light: Bright, indirect; Water: Weekly
# Fiddle Leaf Fig | houseplants | 42 | 3100 g | plant leaf/terracotta | fig, tree, statement
* Pot: 17 cm, 21 cm +24 ~5200
Leaves like violins on a straight stem. It dislikes being moved and adores being turned, a quarter each week,
towards the window.
@ Latin name: Ficus lyrata; Light: Bright; Water: Weekly
# Mother-in-Law's Tongue | houseplants | 22 | 1900 g | plant.snake forest/slate | snake plant, easy, low light | loved
* Pot: 12 cm, 17 cm +14 ~3300
It survives dark hallways, dry air and long holidays. The upright leaves with a yellow seam look as though somebody
had ironed them.
@ Latin name: Dracaena trifasciata; Light: Any; Water: Twice a month
# Column Cactus | houseplants | 19 | 900 g | plant.cactus fern/saffron | cactus, sun, easy
* Pot: 9 cm, 13 cm +11 ~1700!
Slow, patient and faintly amused. In a good year it opens one pink flower at night and expects you to be awake.
@ Latin name: Cereus repandus; Light: Full sun; Water: Monthly
# Sword Fern | houseplants | 18 | 1300 g | plant.fern lime/terracotta | fern, shade, bathroom
* Pot: 12 cm, 17 cm +12 ~2300
A fountain of fronds for a bathroom or a north-facing shelf. It wants to be damp but never wet, like good
gingerbread.
@ Latin name: Nephrolepis exaltata; Light: Shade; Water: Keep moist
# Silver Rosette | houseplants | 12 | 520 g | plant.succulent celadon/clay | succulent, small, windowsill
* Pot: 8 cm, 11 cm +5 ~850
A rosette with a bloom like frosted grapes. Daughters appear around the rim; twist them off and you have presents.
@ Latin name: Echeveria elegans; Light: Full sun; Water: Twice a month
# Ruby Rosette | houseplants | 13 | 520 g | plant.succulent rose/chalk | succulent, colour, windowsill | new
* Pot: 8 cm, 11 cm +5 ~850
Green in winter and dusky red by July, depending on how much sun it is allowed. Sold in a washed clay pot.
@ Latin name: Echeveria agavoides; Light: Full sun; Water: Twice a month
# Trailing String Plant | houseplants | 24 | 1100 g | terrarium.hanging leaf/natural | hanging, trailing, basket
* Basket: Natural, Charcoal
Tresses of little paired leaves in a woven basket, with a rope to hang it by. Shorten it when it reaches the
bookshelf and root what you cut off.
@ Latin name: Tradescantia; Light: Bright, indirect; Water: Weekly
# Moss Garden in Glass | houseplants | 49 | 2100 g | terrarium fern/slate | terrarium, glass, gift | loved
A closed world of ferns, moss and one stone. It makes its own rain and needs a splash of water every other month, if
that.
@ Height: 24 cm; Light: Indirect
# Patio Olive | outdoor-plants | 56 | 6800 g | plant.olive olive/terracotta | olive, patio, mediterranean | loved
* Height: 60 cm, 90 cm +38 ~11500
A small tree with a grey-green head, grown in a gritty mix that drains in seconds. Hardy to minus eight in a
sheltered place; the olives are for looking at.
@ Latin name: Olea europaea; Light: Full sun; Hardiness: -8 C
# Kitchen Basil | outdoor-plants | 6.50 | 600 g | plant.herb leaf/cream | herb, kitchen, basil
* Kind: Genovese, Thai, Purple!
Five seedlings to a pot, not fifty, so that the plant outlives its first pesto. Pinch the tips and it branches.
@ Latin name: Ocimum basilicum; Light: Sunny sill; Water: Daily
# Creeping Thyme | outdoor-plants | 7 | 560 g | plant.herb sage/terracotta | herb, perennial, bees
* Kind: Common, Lemon
For the edge of a step, where feet will brush it. Cut it back after flowering and it returns denser each spring.
@ Latin name: Thymus; Light: Full sun; Hardiness: -20 C
# English Lavender | outdoor-plants | 11 | 900 g | plant.lavender lavender/saffron | lavender, bees, scent | loved
* Pot: 11 cm, 17 cm +9 ~2100
Compact, dark and properly hardy. Bees find it within the hour; moths, once it is dried, stay away for a year.
@ Latin name: Lavandula angustifolia; Light: Full sun; Hardiness: -20 C
# Cottage Dahlia | outdoor-plants | 14 | 1100 g | plant.flower coral/slate | dahlia, flower, summer
* Colour: Coral, Plum, Sunflower
Started in the glasshouse and sent with its first buds. The more you cut for the table, the more it makes.
@ Latin name: Dahlia; Light: Full sun; Flowering: July to frost
# Bee Meadow Seed Mix | outdoor-plants | 7.50 | 60 g | seeds.mix marigold/sky | seeds, meadow, bees | loved
* Covers: 5 sq m, 20 sq m +12 ~220
Thirty-four native kinds, from cornflower to viper's bugloss. Scratch the ground bare, scatter, tread, and then
resist the mower until August.
@ Sow: March to May, or September; Kind: Annual and perennial
# Heritage Tomato Seeds | outdoor-plants | 4.50 | 15 g | seeds poppy/leaf | seeds, vegetable, heirloom
* Kind: Ox Heart, Green Zebra, Black Plum
Open-pollinated seed from our own plants, so you can save your own in turn. Twenty-five to the packet, with a
drawing on the front and honest advice on the back.
@ Sow: February to April, under glass
# Sweet Pea Seeds | outdoor-plants | 4.20 | 15 g | seeds lilac/leaf | seeds, flower, scent
* Kind: Old Spice, Midnight, Blush
Soak overnight, sow in pairs, give them something to climb. Pick every second day or they consider the job done.
@ Sow: October, or February to April
# Spring Bulb Trio | outdoor-plants | 16 | 900 g | bulbs honey | bulbs, spring, tulip | sale 20
* Colours: Warm, Cool, Snow
Forty-five bulbs in three bags, one each of crocus, narcissus and tulip. Planted in layers like lasagne they flower
from February to May in one pot.
@ Plant: September to November; Contents: 45 bulbs
# Forged Trowel | garden-tools | 32 | 310 g | garden-tool oak/brass | trowel, forged, ash handle | loved
* Handle: Oak, Walnut
Drop-forged from one bar, so there is no weld to break in the clay. The blade is marked in centimetres on the
inside, for bulbs and for arguments.
@ Blade: Carbon steel; Length: 31 cm
# Three-Tine Hand Fork | garden-tools | 29 | 290 g | garden-tool.fork beech/bottle-green | fork, forged, weeding
* Handle: Beech, Walnut
For lifting weeds with their roots and their dignity. The tines are square in section and do not bend outwards with
time.
@ Tines: Carbon steel; Length: 29 cm
# Soil Knife | garden-tools | 38 | 330 g | garden-tool.knife walnut/brass | knife, weeding, dividing | new
Part trowel, part saw, part dagger. Divides perennials, opens compost bags and gets dandelions out of paving.
@ Blade: Stainless steel; Length: 30 cm; Sheath: Leather
# Bypass Secateurs | garden-tools | 54 | 240 g | garden-tool.secateurs racing-red/brass | secateurs, pruning | loved
* Hand: Small, Large
A clean bypass cut through anything as thick as a thumb. Every screw, spring and blade is available on its own, for
ever, or for as long as we are here.
@ Blade: High-carbon steel; Cuts: Up to 22 mm
# Rose Gauntlets | garden-tools | 36 | 280 g | garden-tool.gloves /sand | gloves, leather, roses
* Colour: Bottle Green, Tan
* Size: S, M, L
Goatskin fingers that feel a seed, split-hide cuffs that laugh at a climbing rose. Buy them a little snug: they give
half a size in the first week.
@ Material: Goatskin and suede
# Long-Reach Watering Can | garden-tools | 62 | 1400 g | can /brass | watering can, steel, classic | loved
* Colour: Bottle Green, Petrol, Cream
* Volume: 5 l, 9 l +14 ~2100
Balanced so it pours without a wrist, with a brass rose that rains instead of hailing. Galvanised inside and out.
@ Material: Galvanised steel
# Greenhouse Mister | garden-tools | 24 | 340 g | can.mister teal/brass | mister, ferns, brass
* Colour: Teal, Mustard, Chalk
A fine mist for ferns, seedlings and ironing. The pump is brass and comes apart to be descaled.
@ Volume: 0.4 l
# Jute Twine on a Spool | garden-tools | 12 | 380 g | twine moss | twine, jute, natural
* Colour: Moss, Natural, Terracotta
A hundred and fifty metres on a beech spool, with a blade let into the rim. Soft on stems and gone into the soil by
next year.
@ Length: 150 m; Material: Jute
# Pflanzschilder aus Lärche | garden-tools | 9 | 120 g | twine.labels ash/sepia | Schilder, Lärche, Sämlinge
* Pack: 20, 50 +9 ~290
Zwanzig Schilder aus unbehandelter Lärche, auf denen Bleistift auch nach einem nassen Frühjahr zu lesen ist. Man
steckt sie schräg in die Erde, damit das Wasser abläuft.
@ Material: Untreated larch; Length: 14 cm
"""

WORKSHOP = Workshop(
    SHOP,
    prefix="GGN",
    accent="terracotta",
    made={},
    catalogue=CATALOGUE,
)
