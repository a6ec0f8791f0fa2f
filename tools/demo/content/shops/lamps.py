"""Dimmet Lightworks: lamps made of few parts, all of which can be replaced."""

from content.manuscript import Workshop
from content.shapes import LegalIdentity, Palette, Shop

SHOP = Shop(
    slug="dimmet-lightworks",
    name="Dimmet Lightworks",
    tagline="Good light, low down",
    description=(
        "Dimmet is the hour between sundown and dark. In a former dairy we spin metal, turn wood, pleat linen and"
        " wire everything twice. Every lamp is listed with its spare parts, and every cord is longer than you think."
    ),
    category_slugs=("lamps", "pendants", "light-parts"),
    palette=Palette(("#cfc6bb", "#bfc6c8", "#d8c7b8", "#c4c9bd"), "#3a342f", "#c7683f"),
    legal=LegalIdentity("Dimmet Lightworks GmbH", "Molkereiweg 9", "28203", "Bremen", "DE150172861"),
)

CATALOGUE = """
# Dairymaid Table Lamp | lamps | 118 | 2100 g | table-lamp /brass | table lamp, turned, linen | loved
* Shade: Terracotta, Cream, Petrol
A full-hipped foot, spun in brass, under a linen shade. It lights a book and half a face, which is what a table lamp
is for.
@ Height: 44 cm; Bulb: E27; Cord: 2.5 m textile
# Chanterelle Lamp | lamps | 164 | 2600 g | table-lamp.mushroom | table lamp, metal, dimmable | loved
* Colour: Cream, Saffron, Oxblood, Sage
A dome on a stem, enamelled outside and white within, so the light goes down and stays there. Touch the foot to dim
it in three steps.
@ Height: 40 cm; Bulb: LED, replaceable; Cord: 2.5 m textile
# Full Moon Globe Lamp | lamps | 98 | 1800 g | table-lamp.globe opal/walnut | table lamp, glass, bedside
* Foot: Walnut, Oak
Mouth-blown opal glass on a turned foot. Evenly bright from every side, it makes a bedside table look as if it had
been thought about.
@ Height: 32 cm; Bulb: E27
# Register Drum Lamp | lamps | 132 | 2900 g | table-lamp.drum /black | table lamp, drum, desk
* Shade: Sage, Chalk, Ink
A straight drum on a slim black column: the lamp for a hall table with letters on it. The switch hangs on a chain
and clicks.
@ Height: 52 cm; Bulb: E27; Cord: 3 m textile
# Pleated Parlour Lamp | lamps | 146 | 2400 g | table-lamp.pleated /walnut | table lamp, pleated, linen | new
* Shade: Saffron, Blush, Forest
Ninety-six pleats, folded by hand and stitched to the ring one after another. The fabric glows deeper in each fold.
@ Height: 47 cm; Bulb: E27; Cord: 2.5 m textile
# Reader's Floor Lamp | lamps | 228 | 6800 g | floor-lamp /brass | floor lamp, reading, brass
* Shade: Terracotta, Cream, Ink!
A slim column with a weighted foot that puts light over the shoulder. A second cord switch sits where the hand lies
on the armrest.
@ Height: 152 cm; Bulb: E27; Cord: 3 m textile
# Surveyor Tripod Lamp | lamps | 246 | 5400 g | floor-lamp.tripod cream/walnut | floor lamp, tripod, wood | sale 15
* Legs: Walnut, Oak
Three legs meet in a brass joint borrowed from old levels. It stands on uneven floors without a beer mat.
@ Height: 148 cm; Bulb: E27
# Over-the-Sofa Arc Lamp | lamps | 318 | 14200 g | floor-lamp.arc /brass | floor lamp, arc, living room
* Shade: Petrol, Terracotta, Black
A long bow of steel reaches over whoever is on the sofa. The foot is a disc of cast iron and will not be hurried.
@ Reach: 110 cm; Height: 182 cm; Bulb: E27
# Draughtsman Desk Lamp | lamps | 142 | 2700 g | desk-lamp /charcoal | desk lamp, jointed, work | loved
* Colour: Sage, Racing Red, Charcoal
Two arms, two springs and a shade that turns right round. It stays exactly where you leave it, and is the only thing
on the desk that does.
@ Reach: 68 cm; Bulb: E27; Cord: 2 m textile
# Clamp-On Work Lamp | lamps | 124 | 1900 g | desk-lamp.clamp /charcoal | desk lamp, clamp, workshop
* Colour: Saffron, White
The same joints on a clamp for shelves, easels and benches up to six centimetres. Our own have lit every other lamp
on this page.
@ Reach: 68 cm; Bulb: E27
# Nightwatch Lantern | lamps | 84 | 1600 g | lantern /brass | lantern, candle, outdoor
* Colour: Ink, Bottle Green
A wind-proof lantern for a pillar candle, with four panes that lift out to be washed. Carry it down the garden and
forget the time.
@ Height: 36 cm; Candle: 7 cm
# Folding Paper Lantern | lamps | 46 | 480 g | lantern.paper | lantern, paper, rechargeable | new
* Colour: Lichen, Blush, Opal
Opens like an accordion and closes as flat as a book. A rechargeable light inside lasts for two long evenings.
@ Height: 30 cm; Battery: 16 h
# Refectory Dome Pendant | pendants | 156 | 2300 g | pendant /brass | pendant, dining, spun metal | loved
* Colour: Terracotta, Petrol, Cream
* Size: 36 cm, 48 cm +44 ~3400
Hang it low over a table, and everybody around it looks well. Spun from one sheet of aluminium, with a rolled edge
you can run a finger along.
@ Bulb: E27; Cord: 2 m textile
# Soap Bubble Pendant | pendants | 128 | 1900 g | pendant.globe opal/chestnut | pendant, glass, hallway
* Size: 25 cm, 35 cm +38 ~3100
A single opal globe with no visible fixing. It hangs in a stairwell like something that has just decided to stay.
@ Bulb: E27; Material: Blown glass
# Schoolroom Cone | pendants | 98 | 1300 g | pendant.cone /brass | pendant, kitchen, enamel
* Colour: Ink, Sage, White
The lamp of workshops and classrooms, at the height of a kitchen island. Vitreous enamel that wipes clean of jam.
@ Diameter: 32 cm; Bulb: E27
# Lily Pad Pendant | pendants | 138 | 1500 g | pendant.disc /black | pendant, wide, enamel
* Colour: Sage, Ochre
A wide, shallow disc that lights a whole table and hides the bulb from those who sit at it. The enamel is fired on
at a works that also makes road signs.
@ Diameter: 52 cm; Bulb: E27
# Cocoon Paper Pendant | pendants | 68 | 520 g | pendant.paper /chestnut | pendant, paper, soft light | loved
* Tone: Opal, Sand, Blush
Mulberry paper on a bamboo rib. It weighs less than a letter and fills a room with the light of an overcast morning.
@ Diameter: 55 cm; Bulb: E27
# Cloche Pendant | pendants | 88 | 980 g | pendant.bottle /brass | pendant, small, kitchen | sale 20
* Colour: Terracotta, Charcoal, Celadon
A slim shade for hanging in a row of three. Sold singly, because some kitchens want two. Hang them a hand apart,
over a counter or a basin.
@ Diameter: 18 cm; Bulb: E14
# Bracket Wall Lamp | pendants | 112 | 1400 g | wall-lamp /oak | wall light, reading, oak
* Shade: Cream, Petrol
* Bracket: Oak, Walnut
A turned bracket with a brass arm that swings a quarter circle. Plugs in or wires in; both kits are in the box.
@ Reach: 28 cm; Bulb: E14
# Eclipse Wall Light | pendants | 134 | 1700 g | wall-lamp.disc /brass | wall light, indirect, dimmable
* Colour: Petrol, Cream, Oxblood
A disc held off the wall, lighting it all round. Looks like a thing you would bow to and is useful for finding the
bathroom.
@ Diameter: 30 cm; Bulb: LED, replaceable
# Evening Bulb | light-parts | 9 | 60 g | bulb saffron | bulb, led, warm | loved
* Fitting: E27, E14
* Light: 250 lm, 470 lm +1, 806 lm +2
A filament LED at 2200 kelvin, the colour of the last hour of the day. Dims to a glow without buzzing.
@ Colour: 2200 K; Life: 15,000 h
# Large Globe Bulb | light-parts | 16 | 140 g | bulb.globe opal | bulb, led, globe
* Glass: Opal, Honey, Smoke
A bulb that wants no shade. Twelve centimetres across and gentle enough to be looked at. Best alone, on a plain
cord, above a bedside table.
@ Fitting: E27; Light: 470 lm
# Candle Bulb | light-parts | 8 | 40 g | bulb.candle sand | bulb, led, chandelier
* Finish: Clear, Frosted
Drawn out to a point like a flame that has stopped to think. For chandeliers, and for small lamps with ambitions.
@ Fitting: E14; Light: 250 lm
# Courtyard String Lights | light-parts | 59 | 1300 g | garland charcoal/charcoal | string lights, outdoor, party
* Length: 10 m, 20 m +36 ~2400
Rubber cord with a lamp every metre, made to stay out in the rain. Spare bulbs are taped inside the lid.
@ Protection: IP65; Bulb: LED, replaceable
# Textile Cable | light-parts | 7.50 | 120 g | garland.cable /cream | cable, textile, spare part
* Colour: Terracotta, Petrol, Ochre
* Length: 2 m, 4 m +6 ~240
Braided cotton over a double-insulated core. Rewire an old lamp in an evening; the diagram on the label is drawn for
humans.
@ Core: 2 x 0.75 mm2
# Abat-jour en lin écru | light-parts | 42 | 380 g | shade | abat-jour, lin, pièce détachée
* Colour: Cream, Terracotta, Sage
* Size: 25 cm, 35 cm +12 ~560
Un abat-jour de rechange en lin lavé, cousu sur une armature de laiton. Il adoucit la lumière sans la voler et se
change en deux minutes.
@ Ring: 40 mm with E14 adapter
# Rotary Dimmer | light-parts | 38 | 180 g | shade.dimmer /brass | dimmer, switch, spare part
* Plate: Chalk, Black, Saffron
A dimmer with weight in its knob and a soft stop at both ends. Made for LEDs from 3 to 100 watts.
@ Size: 86 x 86 mm
"""

WORKSHOP = Workshop(
    SHOP,
    prefix="DML",
    accent="brass",
    made={"Warranty": "Ten years, parts for longer"},
    catalogue=CATALOGUE,
    brand="Dimmet",
)
