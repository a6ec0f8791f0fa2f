"""Quire & Thread: a bookbinder with a stationery counter."""

from content.manuscript import Workshop
from content.shapes import LegalIdentity, Palette, Shop

SHOP = Shop(
    slug="quire-and-thread",
    name="Quire & Thread",
    tagline="Blank books worth filling",
    description=(
        "Quire & Thread binds books by hand in a former pharmacy, with its drawers still labelled in Latin. Paper comes"
        " from two mills, thread from one spinner, and the marbling is done on Thursdays, when the kettle is free."
    ),
    category_slugs=("notebooks", "pens", "paper"),
    palette=Palette(("#e9e0d2", "#dde3e6", "#eddad3", "#e2e4d8"), "#2f3d4f", "#8c3b3a"),
    legal=LegalIdentity("Quire & Thread Buchbinderei", "Alte Apotheke 2", "04229", "Leipzig", "DE383265919"),
)

CATALOGUE = """
# Apothecary Notebook | notebooks | 28 | 340 g | notebook | notebook, cloth, hand-bound | loved
* Colour: Navy, Burgundy, Forest
* Ruling: Plain, Lined, Dotted
A cloth-covered book with a paper label waiting for a title. The sections are sewn, so it opens flat on the first
page and on the last.
- 192 pages of 100 g cream paper
- Takes fountain pen ink without bleeding
@ Size: A5; Pages: 192
# Ribbon Journal | notebooks | 34 | 410 g | notebook.ribbon /saffron | journal, ribbon, gift
* Colour: Burgundy, Indigo, Sage
Rounded at the spine and finished with headbands sewn in two colours. The ribbon is longer than it needs to be,
because short ribbons are the first thing to be regretted.
@ Size: A5; Pages: 240
# Traveller's Strap Book | notebooks | 46 | 380 g | notebook.strap /tan | leather, travel, refillable | loved
* Leather: Chestnut, Black, Forest
A wrap of soft leather around three stitched booklets that can be changed when they are full. The strap closes over
a brass stud and keeps tickets from leaving.
@ Size: 11 x 21 cm; Refill: Pocket Cahiers
# Long-Stitch Sketchbook | notebooks | 39 | 520 g | notebook.stitched | sketchbook, drawing, exposed spine
* Colour: Rose, Slate, Ochre
The sewing runs over the spine in plain sight, linen thread through folded board. Heavy paper with a tooth that
holds pencil and puts up with a light wash.
@ Size: 21 x 26 cm; Paper: 180 g; Pages: 96
# Quarter-Cloth Ledger | notebooks | 52 | 780 g | notebook.halfcloth ochre/navy | ledger, large, office | sale 15
A serious book for accounts, recipes or grievances. Cloth on the spine and corners where hands go, marbled paper in
between, numbered pages throughout.
@ Size: A4; Pages: 256
# Letters Home Album | notebooks | 64 | 1150 g | notebook.open navy/saffron | album, photographs, keepsake
* Colour: Navy, Oxblood
Thick leaves with guards between them, so that the book stays slim when it is full of pictures. Comes with two
hundred paper corners and a white pencil.
@ Size: 30 x 24 cm; Leaves: 40
# Pocket Cahiers | notebooks | 16 | 180 g | notebook.trio burgundy/sand | pocket, set of three, refill | loved
* Ruling: Plain, Lined, Squared
Three thin booklets in three colours, stitched along the fold. They fit a shirt pocket and the Traveller's Strap
Book, and are the right size for one idea each.
@ Size: 11 x 21 cm; Pages: 3 x 48
# Undated Desk Planner | notebooks | 36 | 620 g | planner forest/coral | planner, desk, undated | new
* Cover: Forest, Navy
A block of fifty-two weeks that begins when you do. It leans on a beech foot; a finished week tears off cleanly and
leaves its neighbour standing.
@ Size: 21 x 15 cm; Foot: Beech
# Linocut Wall Calendar | notebooks | 29 | 240 g | planner.wall sage/coral | calendar, wall, linocut
Twelve landscapes cut in linoleum and printed in three colours, on a wooden rail. When the year is over, trim off
the dates and keep the hills.
@ Size: 30 x 42 cm
# Five-Year Diary | notebooks | 42 | 560 g | notebook.ribbon oxblood/saffron | diary, five years, memory
Five short entries share each page, one above another, so that every day you meet yourself a year younger. Gilt
edges, two ribbons, no lock.
@ Size: 13 x 18 cm; Pages: 368
# Chemist Fountain Pen | pens | 68 | 28 g | pen.fountain | fountain pen, refillable, brass | loved
* Colour: Indigo, Oxblood, Forest
* Nib: Fine, Medium
A slim resin pen with a steel nib that we tune on the premises. Fills from a bottle by turning the end, and holds
enough for a long letter and its apology.
@ Filling: Piston; Length: 138 mm
# Counter Ballpoint | pens | 22 | 19 g | pen /silver | ballpoint, everyday, metal
* Colour: Navy, Cherry, Black
The pen that lived on a string by our till until customers began to ask for it. Aluminium barrel, a firm click, and
a refill you can find anywhere.
@ Refill: International G2
# Scribe's Dip Pen | pens | 26 | 22 g | pen.dip /brass | calligraphy, dip pen, set
* Wood: Walnut, Beech
A turned holder with three nibs: pointed, broad and one for drawing. The balance is a little forward, so that the
pen does the leaning.
@ Contents: Holder and three nibs
# Sable Brush Pen | pens | 31 | 24 g | pen.brush | brush, calligraphy, drawing
* Colour: Black, Cherry
A real hair tip on a refillable barrel. It writes like a brush and travels like a pen, from a hairline to a stroke
as wide as your thumbnail.
@ Tip: Sable; Filling: Cartridge
# Graphite Five | pens | 18 | 60 g | pen.set pine/saffron | pencils, graphite, drawing | loved
* Grades: Soft, Hard
Five cedar pencils dipped twice in lacquer. The soft set runs from HB to 6B for shading, the hard one from HB to 4H
for people who plan extensions.
@ Wood: Incense cedar
# Bureau Ink | pens | 17 | 260 g | inkbottle | ink, fountain pen, water-based | loved
* Colour: Indigo, Oxblood, Sepia, Forest, Plum!
Mixed in small batches and let stand until the shading is right. Flows well, dries in a breath and washes out of
cuffs, given time and milk.
@ Volume: 50 ml
# Iron Gall Ink | pens | 23 | 240 g | inkbottle.round ink/chestnut | ink, permanent, archival
The old recipe: oak galls, iron and patience. It goes on grey and turns black before your eyes, and it will outlast
the paper.
@ Volume: 40 ml; Note: For dip pens and well-kept fountain pens
# Sealed Envelopes | paper | 19 | 210 g | envelope /cherry | envelopes, letters, wax
* Colour: Cream, Saffron, Sage
Twenty envelopes with deep flaps, folded from 120 g laid paper. The gum tastes of very little, which took some work.
@ Size: C6; Contents: 20
# Pressed Botanical Cards | paper | 24 | 190 g | envelope.card | cards, letterpress, botanical | loved
* Colour: Navy, Rose, Forest
Eight cards printed by letterpress from our own drawings of hedgerow plants. Blank inside; the envelopes are lined
in tissue.
@ Size: A6; Contents: 8 cards and envelopes
# Letter Seal and Wax | paper | 38 | 260 g | seal | wax, seal, gift
* Wax: Cherry, Navy
* Motif: Oak Leaf, Bee
A brass seal on a turned handle and two sticks of wax that bends in the post instead of breaking. Good for about
fifty letters, or one very important parcel.
@ Contents: Seal and two sticks of wax
# Thursday Marbled Papers | paper | 32 | 240 g | sheets | marbled, paper, decorative
* Palette: Lagoon, Burgundy, Moss
Three sheets from the bath, no two alike; choose the family of colours and let us choose the waves. For endpapers,
framing or one extravagant lampshade.
@ Size: 50 x 70 cm; Contents: 3 sheets
# Paste-Paper Gift Wrap | paper | 15 | 180 g | sheets.roll | gift wrap, paper, pattern | sale 20
* Colour: Coral, Indigo, Sage
Two rolls patterned with a comb in coloured paste. Strong enough to be ironed and used again by those who do such
things.
@ Size: 2 x 50 x 200 cm
# Archivschachtel Größe A4 | paper | 44 | 720 g | box /navy | Aufbewahrung, säurefrei, Büro
* Colour: Ochre, Sage, Blush
* Size: A5, A4 +12 ~1050
Eine Schachtel aus säurefreier Pappe, die Briefe und Fotografien länger bewahrt als jede Schublade. Der Deckel
schließt mit einem leisen Seufzer.
@ Board: Acid-free, 2.5 mm
# Carton à dessin « Été à Sète » | paper | 48 | 680 g | box.folder /sand | carton à dessin, toile, fait à la main
* Colour: Navy, Oxblood
* Size: A4, A3 +16 ~1100
Deux plats de carton gris, une toile solide et trois rubans noués à la main. Il protège les aquarelles de la pluie
et les esquisses du regard des voisins.
@ Closure: Cotton ties
# Bookbinder's Starter Kit | paper | 49 | 640 g | bindery oxblood/walnut | kit, bookbinding, tools | new
Bone folder, awl, needles, waxed linen thread and paper for two books. The booklet has drawings instead of
adjectives, and was tested on our families.
@ Makes: Two A6 notebooks
# Brass Letter Opener | paper | 33 | 120 g | bindery.knife walnut | desk, brass, letters
A blunt blade with a clean point and a walnut grip. It slits an envelope along the fold without confetti.
@ Length: 21 cm
# Desk Pencil Case | pens | 35 | 140 g | case /tan | case, leather, zip
* Colour: Navy, Oxblood, Olive
Waxed canvas, a brass zip and a flat base, so that it sits open like a tray. Room for two pens, five pencils and the
sharpener you can never find.
@ Size: 21 x 9 cm
"""

WORKSHOP = Workshop(
    SHOP,
    prefix="QTB",
    accent="sand",
    made={"Origin": "Bound and printed by hand"},
    catalogue=CATALOGUE,
    brand="Quire & Thread",
)
