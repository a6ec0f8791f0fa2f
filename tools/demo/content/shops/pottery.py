"""Saltmarsh Pottery: stoneware from a wheel beside an estuary."""

from content.manuscript import Workshop
from content.shapes import LegalIdentity, Palette, Shop

SHOP = Shop(
    slug="saltmarsh-pottery",
    name="Saltmarsh Pottery",
    tagline="Stoneware for tables that are used every day",
    description=(
        "Two wheels, one gas kiln and a window over the mudflats. Ines and Tom have thrown pots at Saltmarsh since"
        " 2009, mixing every glaze from raw materials and firing twice a month. Each piece is signed, and each is a"
        " little different from the next."
    ),
    category_slugs=("mugs", "serveware", "vases"),
    palette=Palette(("#dfe5df", "#efdfcd", "#d8e1e3", "#e8e3d6"), "#35504f", "#5d7f94"),
    legal=LegalIdentity("Saltmarsh Pottery GbR", "Am Siel 7", "26736", "Greetsiel", "DE259123850"),
)

CATALOGUE = """
# Tide Mug | mugs | 26 | 380 g | mug | stoneware, breakfast, handmade | loved
* Glaze: Tide Blue, Sea Salt, Moss, Rust
A round-bellied mug with a handle that takes three fingers. The glaze stops a thumb's width above the foot, so the
toasted clay shows and your table keeps its dry ring. Holds a proper breakfast tea.
@ Capacity: 320 ml; Care: Dishwasher and microwave safe
# Ferryman Tall Mug | mugs | 29 | 430 g | mug.tall | stoneware, large, handmade
* Glaze: Slate, Celadon, Ochre!
Straight walls and a deep well keep a long coffee warm on a cold landing stage, or at a desk. Ines pulls the handles
low, so that the weight of a full mug sits under the hand rather than out in front of it.
@ Capacity: 450 ml; Care: Dishwasher and microwave safe
# Pebble Espresso Cup | mugs | 18 | 160 g | mug.espresso | stoneware, espresso, gift | loved
* Glaze: Sea Salt, Ink, Rust
* Set: Single, Pair +15 ~320
Small enough to warm in one palm, thick enough to keep the crema. The inside is glazed white so you can judge the
colour of the shot; the outside stays matt, like a stone turned over at low tide.
@ Capacity: 80 ml; Care: Dishwasher safe
# Half-Dipped Mug | mugs | 28 | 390 g | mug.dipped /clay | stoneware, two-tone, handmade | new
* Glaze: Ochre, Tide Blue, Cream
Dipped by hand to a line that never runs quite level. Above it a satin glaze, below it bare red clay burnished with
the back of a spoon until it feels like leather.
@ Capacity: 330 ml; Care: Dishwasher safe
# Porridge Bowl | serveware | 27 | 520 g | bowl | stoneware, breakfast | loved
* Glaze: Tide Blue, Sea Salt, Moss
Wide enough for fruit on top and deep enough that nothing slides off the spoon. A turned foot lifts it from the
table so it can be carried hot without a cloth.
@ Diameter: 15 cm; Care: Dishwasher and microwave safe
# Ramen Bowl | serveware | 38 | 760 g | bowl.deep | stoneware, noodles, large
* Glaze: Slate, Cream, Rust
A generous bowl with a rim that is kind to the lip, because the last of the broth is meant to be drunk. Fired hotter
than the rest of our ware, it holds its heat to the end of the meal.
@ Diameter: 18 cm; Capacity: 1 l; Care: Dishwasher safe
# Estuary Serving Bowl | serveware | 64 | 1450 g | bowl.wide | stoneware, serving, gift
* Glaze: Celadon, Tide Blue
A shallow bowl for salads, bread, or the post. Three glazes overlap inside it and pool towards the middle, the way
the channels do when the tide goes out.
@ Diameter: 32 cm; Care: Wash by hand
# Nesting Bowls | serveware | 72 | 1500 g | bowl.stack /sea-salt | stoneware, set, baking
* Glaze: Terracotta, Celadon!
Three bowls thrown to sit inside one another with a finger's breadth between them. The smallest whisks an egg, the
largest proves a loaf, and together they take the room of one.
- Small 12 cm, medium 16 cm, large 20 cm
- Sold as a set of three
@ Care: Dishwasher safe
# Abendbrotteller | serveware | 34 | 780 g | plate | Steinzeug, Abendbrot, Früh und spät
* Glaze: Tide Blue, Sea Salt, Moss
* Set: One, Four +92 ~3200
Ein flacher, ruhiger Teller mit einem Streifen Eisenpigment am Rand. Der Rand hebt sich gerade genug, um eine Soße
aufzuhalten, und die Teller stapeln sich, ohne zu klappern.
@ Diameter: 27 cm; Care: Dishwasher and microwave safe
# Crumb Plate | serveware | 19 | 340 g | plate.small | stoneware, cake, small
* Glaze: Rust, Celadon, Cream
For cake, toast, or the half sandwich you meant to share. Cut from a slab and pressed over a river stone, so no two
have the same horizon.
@ Diameter: 18 cm; Care: Dishwasher safe
# Flounder Platter | serveware | 58 | 1300 g | plate.oval | stoneware, serving, fish
* Glaze: Sea Salt, Slate
An oval platter long enough for a whole fish and low enough to pass across a crowded table. Tom presses the rope
pattern of the rim with a piece of old mooring line.
@ Length: 38 cm; Care: Wash by hand
# Kettle Lane Teapot | serveware | 86 | 980 g | teapot slate/honey | stoneware, tea, cane handle
* Size: Two cups, Four cups +18 ~1260
A round pot that pours without a drip; we test every spout before it leaves. The cane handle is woven by a neighbour
and can be replaced when it wears out, in twenty years or so.
@ Capacity: 600 ml or 1 l; Care: Wash by hand
# Harbour Teapot | serveware | 78 | 900 g | teapot.side | stoneware, tea, family | sale 15
* Glaze: Cream, Tide Blue
The everyday pot of the workshop, with a wide mouth for cleaning and a lid that locks with a quarter turn. Comes
with a fine steel strainer.
@ Capacity: 900 ml; Care: Dishwasher safe
# Milkmaid Jug | serveware | 46 | 850 g | jug | stoneware, milk, flowers
* Glaze: Celadon, Sea Salt, Ink
A full-bellied jug for milk, water or a bunch of cow parsley. The lip is pulled with one wet finger in a single
movement, which is why it pours so cleanly.
@ Capacity: 1.1 l; Care: Dishwasher safe
# Thimble Creamer | serveware | 22 | 210 g | jug.creamer | stoneware, coffee, small
* Glaze: Cream, Rust
A very small jug with the manners of a large one. It holds cream for four coffees or maple syrup for one teenager.
@ Capacity: 120 ml; Care: Dishwasher safe
# Larder Jar | serveware | 42 | 900 g | jar /oak | stoneware, storage, kitchen
* Glaze: Moss, Sea Salt, Tide Blue
* Size: Half litre, One litre +12 ~1250
An unglazed collar lets the wooden lid seat itself and the contents breathe. Made for flour and salt, used in our
own kitchen for biscuits.
@ Lid: Oiled oak with a cork ring; Care: Wash by hand
# Butter Keeper | serveware | 44 | 920 g | jar.butter | stoneware, butter, breakfast
* Glaze: Sea Salt, Celadon
A deep cover keeps butter soft and safe from the cat. The knob is thrown in one piece with the dome and will not
come loose in the washing-up.
@ Holds: 250 g; Care: Dishwasher safe
# Schilfvase „Große Flut“ | vases | 62 | 1100 g | vase | Steinzeug, Blumen, Für Gräser
* Glaze: Tide Blue, Slate, Chalk
Eine hohe Vase mit schmaler Taille, die trockene Gräser aufrecht hält. Zwei geritzte Ringe fangen die Glasur und
färben sie einen Ton dunkler, wie nasser Sand.
@ Height: 31 cm; Care: Wipe clean
# Message Bottle Vase | vases | 48 | 720 g | vase.bottle | stoneware, flowers, single stem
* Glaze: Cream, Ochre, Ink
One stem is enough. The neck is thrown separately and joined while the clay is still soft, and the seam is left to
be found by the fingers.
@ Height: 28 cm; Care: Wipe clean
# Moon Jar | vases | 98 | 1700 g | vase.moon chalk | stoneware, centrepiece, white | new
Two bowls joined rim to rim make this nearly perfect sphere; the slight swelling at the equator is the mark of the
join. A quiet white glaze with the faintest breath of grey.
@ Height: 26 cm; Care: Wipe clean
# Daisy Bud Vase | vases | 24 | 260 g | vase.bud | stoneware, small, gift | loved
* Glaze: Terracotta, Celadon, Tide Blue, Ochre
For the single flower that a child brings in. Heavy at the base, so it stays standing on a windowsill with a
draught.
@ Height: 12 cm; Care: Dishwasher safe
# Pier Cylinder Vase | vases | 54 | 1300 g | vase.cylinder | stoneware, branches, modern | sale 20
* Glaze: Slate, Moss
A plain cylinder with walls as upright as a pier post. It was made for branches: blossom in March, beech leaves in
October.
@ Height: 25 cm; Care: Wipe clean
# Lamplighter Candlestick | vases | 32 | 420 g | candlestick | stoneware, candle, evening
* Glaze: Tide Blue, Ochre, Chalk
A broad saucer catches the wax and a flared stem is easy to carry down a dark corridor. Fits ordinary household
candles.
@ Fits: 22 mm candles; Care: Wipe clean
# Pair of Candlesticks | vases | 58 | 800 g | candlestick.pair | stoneware, candle, set
* Glaze: Rust, Celadon!
One tall, one short, thrown from the same lump of clay and fired side by side. They look best when they are not
quite straight with one another.
@ Fits: 22 mm candles; Care: Wipe clean
# Potter's Seconds Mug | mugs | 16 | 390 g | mug sea-salt/rust | stoneware, seconds, bargain | sale 25
A mug from the shelf by the door: a pinhole here, a wandering glaze line there, nothing that leaks. We choose the
colour; you save a quarter and a good pot from the hammer.
@ Capacity: 320 ml; Care: Dishwasher safe
"""

WORKSHOP = Workshop(
    SHOP,
    prefix="SMP",
    accent="clay",
    made={"Material": "Stoneware", "Origin": "Thrown and fired in our workshop"},
    catalogue=CATALOGUE,
    brand="Saltmarsh",
)
