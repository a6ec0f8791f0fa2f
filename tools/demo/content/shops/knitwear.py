"""Fell & Fjord: knitwear in wool from northern sheep."""

from content.manuscript import Workshop
from content.shapes import LegalIdentity, Palette, Shop

SHOP = Shop(
    slug="fell-and-fjord",
    name="Fell & Fjord",
    tagline="Wool with a postcode",
    description=(
        "We buy fleece from eleven farms, have it spun forty kilometres away and knit it on old flatbed machines and by"
        " hand. Nothing is blended with plastic, and every garment can come back to be mended."
    ),
    category_slugs=("jumpers", "hats-scarves", "blankets"),
    palette=Palette(("#e6e0e4", "#ece2d6", "#dce2dd", "#dee3ea"), "#3c3f52", "#6f8ba3"),
    legal=LegalIdentity("Fell & Fjord Strickwaren eG", "Deichreihe 18", "25813", "Husum", "DE124551705"),
)

CATALOGUE = """
# Shepherd's Crew Jumper | jumpers | 138 | 620 g | jumper | jumper, wool, everyday | loved
* Colour: Fjord, Oatmeal, Loden
* Size: S, M, L!
A round-necked jumper in a firm two-ply that shrugs off brambles. The hem and cuffs are knitted double, because that
is where jumpers die.
@ Material: 100 % lambswool; Care: Wash cool by hand, dry flat
# Northern Yoke Jumper | jumpers | 186 | 680 g | jumper.yoke /cream | jumper, wool, patterned | loved
* Colour: Cranberry, Fjord
* Size: S, M, L
The yoke is worked in the round with three colours carried behind, so it is warmest across the shoulders, where the
wind is. Each takes a knitter a long week.
@ Material: 100 % pure new wool; Care: Wash cool by hand, dry flat
# Ferry Deck Breton | jumpers | 124 | 540 g | jumper.stripe /navy | jumper, striped, wool
* Colour: Cream, Oatmeal
* Size: S, M, L
Stripes of equal width, meeting at the side seams as they should. Tight enough to keep out spray and soft enough to
wear over nothing much.
@ Material: 100 % merino; Care: Machine wash, wool cycle
# Six-Rope Cable Jumper | jumpers | 210 | 890 g | jumper.cable | jumper, cable, heavy | new
* Colour: Forest, Cream
* Size: S, M, L
Six ropes climb the front and another six go up the back. It is heavy, a little oily with lanolin, and practically a
building.
@ Material: 100 % undyed and dyed fell wool; Care: Air rather than wash
# Lighthouse Roll-Neck | jumpers | 152 | 640 g | jumper.roll | jumper, roll-neck, wool
* Colour: Rose, Charcoal!
* Size: S, M, L
A collar that folds once and stays where you put it. Knitted in a fine rib that follows you when you reach for
something.
@ Material: 100 % lambswool; Care: Wash cool by hand, dry flat
# Library Cardigan | jumpers | 164 | 660 g | jumper.cardigan /honey | cardigan, pockets, wool | loved
* Colour: Fjord, Peat, Plum
* Size: S, M, L
Five horn buttons and two pockets that hold a paperback. The sleeves are cut a shade long for people who read in
cold rooms.
@ Material: 100 % lambswool; Care: Wash cool by hand, dry flat
# Orchard Vest | jumpers | 96 | 360 g | jumper.vest | vest, layering, wool | sale 20
* Colour: Terracotta, Loden
* Size: S, M, L
A sleeveless layer with a single cable on each side. It keeps the middle warm while the arms prune.
@ Material: 100 % merino; Care: Machine wash, wool cycle
# Bobble Hat | hats-scarves | 42 | 120 g | beanie /cream | hat, bobble, winter | loved
* Colour: Cranberry, Fjord, Forest, Mustard
A ribbed hat with a turned brim and a bobble that has been brushed by hand. The bobble comes off with a button, for
washing and for serious occasions.
@ Material: 100 % lambswool; Size: One size
# Harbour Beanie | hats-scarves | 36 | 90 g | beanie.plain | hat, beanie, fisherman
* Colour: Charcoal, Oatmeal, Petrol
The plain one. Short enough to sit above the ears or to be pulled over them, in a rib that comes back to its shape
every evening.
@ Material: 100 % merino; Size: One size
# Rugby Stripe Beanie | hats-scarves | 39 | 110 g | beanie.stripe /saffron | hat, striped, winter
* Colour: Forest, Plum
Four stripes, two colours and no club. We have been asked which team it belongs to and cannot say.
@ Material: 100 % lambswool; Size: One size
# Twist Headband | hats-scarves | 28 | 60 g | beanie.band /sand | headband, running, ears
* Colour: Rose, Charcoal, Lichen
Keeps the ears warm and the hair free. Lined with a strip of fine merino, because foreheads complain.
@ Material: 100 % merino; Size: One size
# Signal Stripe Scarf | hats-scarves | 68 | 260 g | scarf /chestnut | scarf, striped, wool
* Colour: Cream, Fjord, Mustard
Nearly two metres long and just wide enough to be folded once. The fringe is knotted by hand in threes.
@ Material: 100 % lambswool; Size: 190 x 28 cm
# Plain Long Scarf | hats-scarves | 62 | 240 g | scarf.plain /forest | scarf, plain, wool | loved
* Colour: Forest, Heather, Charcoal, Cranberry
Fisherman's rib in one colour from end to end. It looks the same on both sides, which helps when you dress in the
dark.
@ Material: 100 % lambswool; Size: 185 x 26 cm
# Moorland Check Scarf | hats-scarves | 78 | 280 g | scarf.check /peat | scarf, checked, woven
* Colour: Lichen, Blush
Woven rather than knitted, washed in soft water and brushed with teasels. The colours come from a photograph of
bracken in November.
@ Material: 100 % pure new wool; Size: 180 x 30 cm
# Weathered Snood | hats-scarves | 46 | 180 g | scarf.snood | snood, cycling, winter
* Colour: Fjord, Plum, Oatmeal
A scarf without ends, for bicycles, machinery and small children. Double thickness in front and single behind.
@ Material: 100 % merino; Size: 62 cm round
# Diamond Mittens | hats-scarves | 38 | 110 g | mittens /cream | mittens, patterned, winter | loved
* Colour: Fjord, Cranberry, Forest
* Size: S/M, L
Stranded knitting makes two layers of wool at once, and a diamond on the back of each hand. Warm even when they are
wet from snowballs.
@ Material: 100 % pure new wool
# Fiddler's Wrist Warmers | hats-scarves | 26 | 70 g | mittens.wrist /cream | fingerless, gloves, wool
* Colour: Terracotta, Heather, Lichen
Warm knuckles and free fingers, for market stalls, cellos and unheated studios. The thumb is knitted in, not cut
out, so the edge does not ladder.
@ Material: 100 % lambswool; Size: One size
# Turned-Heel Socks | hats-scarves | 24 | 100 g | socks /rust | socks, wool, boots | loved
* Colour: Oatmeal, Fjord, Loden
* Size: 36-40, 41-45
A heel turned the old way, with contrast toes you can find in the drawer. A little nylon would make them last
longer; we send darning wool instead.
@ Material: 100 % high-twist wool; Care: Machine wash, wool cycle
# Striped Hut Socks | hats-scarves | 27 | 120 g | socks.stripe /saffron | socks, striped, warm | sale 15
* Colour: Forest, Cranberry
* Size: 36-39, 40-43
Thick socks for wooden floors. The stripes are there to make up for the shape. Wear them over another pair, or under
a good book.
@ Material: 100 % lambswool; Care: Machine wash, wool cycle
# First Steps Booties | hats-scarves | 22 | 40 g | socks.bootie /cream | baby, booties, gift
* Colour: Blush, Sky
* Age: 0-6 months, 6-12 months
Ankles long enough to stay on and soft enough to be chewed. Wrapped in tissue, as most of them are presents.
@ Material: 100 % organic merino; Care: Machine wash, wool cycle
# Hay Barn Blanket | blankets | 168 | 1600 g | blanket /oatmeal | blanket, bed, wool
* Colour: Fjord, Loden
* Size: 140 x 200 cm, 200 x 220 cm +70 ~2500
A dense, brushed blanket with stitched edges. It sleeps cool in June and warm in January, which is the whole trick
of wool.
@ Material: 100 % pure new wool; Care: Air, dry clean
# Ylläs-viltti Fjäll | blankets | 112 | 980 g | blanket.throw /cream | viltti, villa, Überwurf | loved
* Colour: Terracotta, Charcoal, Lichen
Ein Überwurf aus Lappland, weich genug für die Wange und schwer genug für den Sturm. Die Fransen sind von Hand
geknüpft, eine nach der anderen.
@ Material: 100 % pure new wool; Size: 130 x 180 cm
# Skein of Fell Wool | blankets | 17 | 100 g | yarn /cranberry | yarn, knitting, two-ply | loved
* Colour: Oatmeal, Fjord, Cranberry, Loden, Heather
The yarn our jumpers are made of, in hundred-gram skeins. It blooms when it is washed and holds a stitch like an old
friend.
@ Length: 220 m; Needles: 3.5 to 4 mm
# Beginner's Ball and Needles | blankets | 34 | 260 g | yarn.ball /walnut | yarn, kit, knitting | new
* Colour: Mustard, Petrol, Rose
One fat ball, two beech needles and a pattern for a hat that cannot go very wrong. If it does, we have a telephone.
@ Contents: 150 g of wool, needles, pattern
# Cabled Cushion | blankets | 74 | 720 g | cushion /peat | cushion, cable, sofa
* Colour: Blush, Cream, Fjord!
Cables in front, plain rib behind, horn buttons along one edge. Filled with washed wool that can be fluffed up, or
left in peace.
@ Size: 50 x 50 cm; Filling: Wool
# Deckchair Cushion | blankets | 66 | 700 g | cushion.stripe /cream | cushion, striped, sofa | sale 20
* Colour: Fjord, Terracotta
Five broad stripes, knitted sideways so they run true. The cover unbuttons and washes. It makes a garden chair out
of any other chair.
@ Size: 50 x 50 cm; Filling: Wool
"""

WORKSHOP = Workshop(
    SHOP,
    prefix="FAF",
    accent="cream",
    made={"Origin": "Spun and knitted within one valley"},
    catalogue=CATALOGUE,
    brand="Fell & Fjord",
)
