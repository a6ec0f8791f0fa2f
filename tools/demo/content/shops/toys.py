"""Jumble Hill Toys: wooden toys made to be handed down."""

from content.manuscript import Workshop
from content.shapes import LegalIdentity, Palette, Shop

SHOP = Shop(
    slug="jumble-hill-toys",
    name="Jumble Hill Toys",
    tagline="Made of beech, for keeps",
    description=(
        "Three makers, one bandsaw and a testing department that goes home from school at noon. Our toys are cut from"
        " beech and lime, sanded twice, coloured with milk paint, and drawn so that a broken wheel is an afternoon's"
        " repair."
    ),
    category_slugs=("vehicles", "building", "games"),
    palette=Palette(("#f0e3cd", "#dde7e6", "#f0dcd2", "#e4e8d8"), "#4a3b33", "#c8553d"),
    legal=LegalIdentity("Jumble Hill Spielzeug GmbH", "Buchenhang 3", "34119", "Kassel", "DE960780630"),
)

CATALOGUE = """
# Branch Line Engine | vehicles | 38 | 620 g | train /sunflower | train, engine, beech | loved
* Colour: Cherry, Lagoon, Meadow
A stout engine with a chimney for a handle and wheels that run true. It pulls anything with a magnet, and a few
things without.
@ Age: From 2 years; Length: 22 cm
# Open Waggon with Blocks | vehicles | 29 | 540 g | train.waggon /cherry | train, waggon, blocks
* Colour: Lagoon, Meadow, Cherry
A waggon with three blocks that are, by turns, coal, cheese and passengers. Couples to the Branch Line Engine at
either end.
@ Age: From 2 years; Length: 21 cm
# Box of Track | vehicles | 44 | 1600 g | train.track oak | train, track, expansion
* Set: Circle, Figure of eight +18 ~2300
Beech track with wooden joints that let go before they break. Enough for a circle round a chair leg, or a figure of
eight round two.
@ Age: From 3 years; Pieces: 16 or 24
# Aunt Rosa's Car | vehicles | 24 | 360 g | car /sunflower | car, beech, first toy | loved
* Colour: Cherry, Lagoon, Sunflower, Meadow
Round as a bun and nearly as durable. The roof is shaped for a small palm and the axles are steel.
@ Age: From 1 year; Length: 15 cm
# Market Day Van | vehicles | 28 | 480 g | car.van /sunflower | van, beech, vehicle
* Colour: Lagoon, Cherry
Three windows, room for three figures and a back that opens. Delivers all over the carpet before breakfast.
@ Age: From 2 years; Length: 19 cm
# Timber Truck | vehicles | 34 | 720 g | car.truck lagoon/cherry | truck, logs, vehicle
A truck with three logs of real hazel, cut in our own hedge. They roll off in the right places.
@ Age: From 3 years; Length: 24 cm
# Millpond Sailing Boat | vehicles | 32 | 410 g | car.boat /sunflower | boat, floats, summer | loved
* Hull: Meadow, Cherry, Lagoon
It really sails, with a lead keel and a rudder you set by hand. Bring a long stick for the return journey.
@ Age: From 4 years; Height: 34 cm; Finish: Waterproof oil
# Barnstormer Aeroplane | vehicles | 36 | 430 g | car.plane /lagoon | aeroplane, propeller, vehicle | new
* Colour: Sunflower, Cherry
A round-nosed aeroplane with a propeller that spins if you run. The pilot is sold separately and is usually a
clothes peg.
@ Age: From 3 years; Span: 28 cm
# Pull-Along Duck | vehicles | 27 | 390 g | animal /meadow | pull-along, duck, toddler | loved
* Colour: Sunflower, Cherry, Lagoon
Her wheels sit a little off centre, so she waddles. Walks at the speed of somebody who has just learned to.
@ Age: From 1 year; Length: 18 cm
# Pull-Along Elephant | vehicles | 31 | 560 g | animal.elephant lagoon/cherry | pull-along, elephant, toddler
Heavy enough to be a companion and slow enough to be caught. The ears are felt and can be whispered into.
@ Age: From 1 year; Length: 20 cm
# Pull-Along Dachshund | vehicles | 29 | 470 g | animal.dog honey/espresso | pull-along, dog, toddler
Long, low and convinced of its own importance. A jointed middle takes it round corners in two stages.
@ Age: From 1 year; Length: 26 cm
# Dapple Rocking Horse | vehicles | 189 | 7400 g | animal.horse /lagoon | rocking horse, heirloom, large
* Colour: Honey, Chalk
A small horse for large adventures, with a woollen mane and a saddle sewn by the harness maker in the next village.
The rockers end in a stop, so nobody goes over.
@ Age: From 2 years; Seat: 34 cm; Carries: 35 kg
# Unit Blocks | building | 48 | 2100 g | blocks cherry/lagoon | blocks, building, open-ended | loved
* Set: 32 pieces, 60 pieces +38 ~3900
Cut to one measure, so two of these are always one of those. There are no instructions because there is nothing else
they could become, apart from everything.
@ Age: From 1 year; Material: Beech
# Steeple Stacker | building | 26 | 680 g | blocks.tower lagoon/plum | stacking, tower, toddler
* Colour: Lagoon, Meadow
Five storeys and a roof. It teaches the order of things, and the joy of reversing it with one hand.
@ Age: From 1 year; Height: 32 cm
# Rainbow Arches | building | 54 | 1300 g | blocks.arch lagoon/meadow | rainbow, stacking, lime wood | loved
* Colours: Bright, Earth
Five arches from one block of lime wood, stained so the grain shows. Bridges, cradles, caves and, on quiet days, a
rainbow.
@ Age: From 1 year; Width: 36 cm
# Stacking Rings | building | 24 | 540 g | rings cherry/lagoon | stacking, rings, baby
* Colours: Bright, Pastel
Six rings on a post that tips if it is done in the wrong order, which is most of the fun. Smooth enough for gums and
bright enough to be found under a sofa.
@ Age: From 9 months; Height: 24 cm
# Rocking Moon Balance Game | building | 33 | 620 g | skittles.balance lagoon/chalk | balance, game, family | new
Add a block, hold your breath, pass the turn. Played in silence by adults and in screams by everyone else.
@ Age: From 3 years; Players: 1 to 6
# Gable End Dolls' House | building | 148 | 6200 g | house /lagoon | dolls' house, open, large
* Roof: Cherry, Meadow
Two floors, four rooms and an open back so that several landlords may play at once. Folds flat behind a wardrobe
when the tenants have gone.
@ Age: From 3 years; Height: 62 cm
# Hay Barn Stable | building | 92 | 3900 g | house.farm /espresso | farm, stable, animals | sale 15
* Walls: Cherry, Honey
A barn with a loft, a hatch and doors that bar. The animals of any other farm are welcome.
@ Age: From 3 years; Height: 38 cm
# Family of Pegs | building | 22 | 210 g | skittles.figures | figures, dolls, small world | loved
* Family: Four, Six +9 ~310
Turned in lime wood, with painted hats and no expression, so they can have any. They fit the van, the train and a
dressing gown pocket.
@ Age: From 3 years; Height: 6 to 9 cm
# Whirling Top | games | 12 | 90 g | top /meadow | top, spinning, small
* Colour: Cherry, Lagoon, Plum
Turned from one piece, and so well balanced that it stands asleep for two minutes. A starter for anybody's pocket.
@ Age: From 4 years
# Sunday Yo-Yo | games | 14 | 80 g | top.yoyo /plum | yo-yo, classic, pocket
* Colour: Sunflower, Cherry, Lagoon
Maple halves on a brass axle, and three spare strings. Goes to sleep at the bottom and comes when it is called.
@ Age: From 6 years
# Shape Board | games | 23 | 480 g | puzzle cherry/lagoon | puzzle, shapes, toddler | loved
* Shapes: Four, Nine +9 ~760
Pieces as thick as a biscuit, so they stand up and become something else when the puzzle is done. Each shape sits in
a hollow of its own, with room for clumsy fingers.
@ Age: From 1 year; Size: 28 x 22 cm
# Jeu de mémoire « Forêt » | games | 26 | 420 g | puzzle.memory lagoon/meadow | mémoire, jeu, famille
* Pictures: Garden, Harbour
Trente-deux tuiles de hêtre, peintes d'écureuils, de chênes et de fougères. Les enfants gagnent presque toujours,
et c'est très bien ainsi.
@ Age: From 3 years; Pieces: 36
# Garden Chime Bars | games | 39 | 780 g | xylophone cherry/lagoon | music, xylophone, tuned | sale 20
* Notes: Six, Eight +12 ~980
Tuned by ear and file to a scale without wrong notes. The beaters have rubber heads, for everybody's sake.
@ Age: From 2 years; Tuning: Pentatonic
# Trömmelchen für Straßenmusik | games | 36 | 690 g | xylophone.drum | Musik, Trommel, Laut
* Colour: Meadow, Cherry, Lagoon!
Eine kleine Trommel mit Naturfell und einem Gurt, der mitwächst. Sie klingt größer, als sie ist, und die Nachbarn
wissen Bescheid.
@ Age: From 3 years; Diameter: 20 cm
# Village Green Skittles | games | 42 | 1500 g | skittles cherry/lagoon | skittles, garden, family
* Set: Six pins, Nine pins +14 ~2100
Pins with round heads and steady feet, and a ball that fits a four-year-old's hand. Works in corridors when it
rains.
@ Age: From 3 years; Height: 20 cm
"""

WORKSHOP = Workshop(
    SHOP,
    prefix="JHT",
    accent="sunflower",
    made={"Material": "Beech and lime wood", "Finish": "Milk paint and linseed oil"},
    catalogue=CATALOGUE,
    brand="Jumble Hill",
)
