"""Spoke & Anvil: a bicycle workshop that builds, mends and sells what it would ride itself."""

from content.manuscript import Workshop
from content.shapes import LegalIdentity, Palette, Shop

SHOP = Shop(
    slug="spoke-and-anvil",
    name="Spoke & Anvil",
    tagline="Bicycles built slowly, so you can hurry",
    description=(
        "A brick workshop under a railway arch where frames are brazed, wheels are laced by hand and most repairs are"
        " finished the same day. We sell the machines we build and the parts that have survived our own commuting."
    ),
    category_slugs=("bicycles", "components", "bike-bags", "bike-care"),
    palette=Palette(("#dde4e2", "#ebe1d3", "#d9dfe6", "#e6dfd9"), "#2f3f42", "#c8694a"),
    legal=LegalIdentity("Spoke & Anvil Fahrradbau GmbH", "Gleisbogen 4", "10963", "Berlin", "DE256446233"),
)

CATALOGUE = """
# Arch No. 4 City Bicycle | bicycles | 1290 | 13400 g | bicycle /honey | steel, city, eight-speed | loved
* Colour: Petrol, Racing Red, Charcoal
* Frame: 52 cm, 56 cm, 60 cm!
A brazed steel frame with an eight-speed hub, mudguards that cover and a stand that holds. It was drawn around the
ride to work: upright enough to see over cars, quick enough to be worth the shower.
- Hub gears and roller brakes, so nothing to adjust in the rain
- Built and test-ridden before it is sent
@ Frame: Brazed steel; Wheels: 28 inch; Weight: 13.4 kg
# Ladder Lane Step-Through | bicycles | 1190 | 14100 g | bicycle.step /chestnut | steel, city, low step
* Colour: Mustard, Bottle Green, Sky
* Frame: 48 cm, 53 cm
A low, swept frame that welcomes long coats and heavy shopping. The second tube stiffens it where others wallow, so
a full basket no longer steers for you.
@ Frame: Brazed steel; Wheels: 28 inch; Weight: 14.1 kg
# Sparrow Children's Bicycle | bicycles | 420 | 8600 g | bicycle.kids /cream | children, first bicycle, 20 inch
* Colour: Racing Red, Sky, Mustard
Light enough to be carried home by its owner. Short cranks and brake levers for small hands, with paint thick enough
for the first hundred falls. We buy it back when it is outgrown.
@ Age: 5 to 8 years; Wheels: 20 inch; Weight: 8.6 kg
# Hand-Laced Front Wheel | bicycles | 168 | 980 g | wheel | wheel, hand-built, 28 inch
* Rim: Silver, Black
Thirty-two spokes, laced three-cross and brought up to tension over two evenings. It leaves the stand true to a
quarter of a millimetre, and tends to stay there.
@ Spokes: 32; Axle: 100 mm; Size: 622 mm
# Courier Tyre | bicycles | 38 | 640 g | wheel.tyre charcoal/tan | tyre, puncture-proof, city | loved
* Width: 32 mm, 37 mm +2 ~720, 42 mm +4 ~810
Five millimetres of rubber between you and last night's bottles. A reflective line runs round the tan wall, and the
tread has been scrubbed by couriers for two winters.
@ Size: 622 mm; Protection: 5 mm layer
# Butyl Inner Tube | bicycles | 7.50 | 150 g | wheel.tube charcoal | tube, spare, valve
* Valve: Road, Car
The tube we put into every machine that leaves the shop. Fits 28 to 42 mm tyres and comes in a cotton sleeve so it
can live in a saddlebag without wearing through.
@ Size: 622 mm
# Stationmaster Saddle | components | 89 | 540 g | saddle | leather, saddle, hand-finished | loved
* Leather: Honey, Chestnut, Black
* Cut: Broad, Narrow
Thick vegetable-tanned leather on a steel chassis. It is hard for the first month, tolerable in the second, and from
the third nobody else may sit on it.
@ Material: Leather and steel; Care: Feed with saddle balm twice a year
# Moustache Handlebar | components | 62 | 420 g | handlebar honey/steel | handlebar, alloy, touring
* Width: 46 cm, 50 cm
A gentle curve with three places to put your hands, none of them a compromise. Polished alloy with a knurled clamp
area that will not creep.
@ Clamp: 25.4 mm; Material: Alloy
# Randonneur Drop Bar | components | 74 | 340 g | handlebar.drop black/steel | handlebar, alloy, long distance
* Width: 42 cm, 44 cm!
Drops that flare a little, so the wrists stay straight after the hundredth kilometre. The tops are slightly
flattened where the palms rest on the climbs.
@ Clamp: 31.8 mm; Material: Alloy
# Cork Grips | components | 24 | 90 g | handlebar.grips honey/chestnut | grips, cork, natural
* Length: Long, Short
Agglomerated cork, turned and sealed with shellac. Warm in January, dry in July, and faintly reminiscent of good
cellars.
@ Material: Cork; Fits: 22.2 mm bars
# Cotton Bar Tape | components | 16 | 70 g | handlebar.tape | bar tape, cotton, classic
* Colour: Tan, Burgundy, Navy, White
Woven cotton tape in two rolls with enough length for generous overlap. Shellac it for rain, or leave it soft and
wash it with the socks.
@ Material: Cotton; Length: 2 x 3 m
# Forty-Two Chainring and Crank | components | 118 | 690 g | chainring charcoal/brass | crank, drivetrain, forged
* Arm: 165 mm, 170 mm, 175 mm
Cold-forged arms and a ring with teeth cut deep enough to keep the chain through cobbles. Five brass bolts, because
somebody will look.
@ Teeth: 42; Taper: Square
# Quiet Chain | components | 29 | 380 g | chainring.chain steel/brass | chain, drivetrain, rustproof | loved
* Links: 112, 120 +3
Plated against rust and waxed by us, so it arrives silent and leaves no mark on a trouser leg. A joining link is
taped to the card.
@ Width: 1/8 or 3/32 inch
# Platform Pedals | components | 56 | 360 g | chainring.pedal /steel | pedals, alloy, grip
* Colour: Charcoal, Silver, Copper
A wide cage with pins that hold a wet shoe without chewing it. Sealed bearings, replaceable in ten minutes with
tools you already own.
@ Thread: 9/16 inch
# Ding-Dong Bell | bike-care | 26 | 190 g | bell | bell, brass, loud | loved
* Finish: Brass, Copper, Black
A two-note bell that says good morning rather than get out of my way. The dome is spun from sheet metal and rings
for a full three seconds.
@ Fits: 22 to 25 mm bars
# Lighthouse Front Lamp | bike-care | 68 | 210 g | bell.light /steel | lamp, dynamo, safety
* Finish: Black, Silver
A focused beam that lights the road and not the eyes of whoever is coming. Keeps glowing for four minutes at the
traffic lights.
@ Power: Hub dynamo or USB; Brightness: 70 lux
# Arch Helmet | bike-care | 79 | 330 g | bike-tool.helmet /honey | helmet, safety, city | new
* Colour: Petrol, Chalk, Charcoal
* Size: Medium, Large
A round, plain shell with deep vents and a leather strap that does not pinch. Turns a dial to fit over a thin cap in
winter.
@ Standard: EN 1078
# Oxbow Shackle Lock | bike-care | 64 | 1280 g | lock slate/racing-red | lock, security, steel
* Length: Standard, Long +10 ~1520
Fourteen millimetres of hardened steel, in a sleeve that spares the paintwork. Two keys, numbered, and we keep the
number if you ask us to.
@ Shackle: 14 mm
# Sleeve Chain Lock | bike-care | 58 | 1650 g | lock.chain navy/charcoal | lock, security, flexible | sale 20
A square-link chain in a woven sleeve, long enough to go round a lamppost and both wheels. Wear it over a shoulder;
it is heavier than it looks and so is the thief's evening.
@ Length: 110 cm
# Postman Pannier | bike-bags | 96 | 980 g | pannier /honey | pannier, waxed cotton, commute
* Colour: Bottle Green, Navy, Charcoal!
Waxed cotton with a flap that copes with an unexpected cabbage. Comes off the rack with one hand and goes over a
shoulder with the other.
@ Volume: 18 l; Material: Waxed cotton and bridle leather
# Tool Roll Saddlebag | bike-bags | 48 | 320 g | pannier.saddlebag chestnut/tan | saddlebag, leather, small
Two straps and a stiff back keep a tube, a multitool and a sandwich in order behind the saddle. It darkens with the
saddle until they match.
@ Volume: 1.2 l; Material: Bridle leather
# Touring Bar Roll | bike-bags | 72 | 460 g | pannier.roll /tan | bar bag, waterproof, touring | sale 15
* Colour: Petrol, Mustard
A waterproof roll for a jacket and lunch, strapped where you can reach it. The seams are welded and the buckles are
steel.
@ Volume: 7 l; Material: Recycled canvas
# Market Basket | bike-bags | 54 | 1100 g | pannier.basket honey/chestnut | basket, willow, front
* Size: Standard, Large +14 ~1500
Woven from willow by a maker two valleys away, with leather loops and a flat back. Takes two loaves, six apples and
a bottle with its head out.
@ Material: Willow and leather
# Track Pump | bike-care | 66 | 1700 g | pump racing-red/charcoal | pump, workshop, steel | loved
A steel barrel on a cast foot, with a gauge you can read without kneeling. Every part is sold as a spare; the one in
our workshop is from 1998.
@ Pressure: 11 bar; Valves: All
# Mini Pump | bike-care | 32 | 140 g | pump.mini /charcoal | pump, portable, alloy
* Colour: Silver, Racing Red
Short enough for a jacket pocket, and yet it gets a city tyre hard in ninety strokes. The hose screws on, so your
valve stays where it is.
@ Length: 19 cm
# Fourteen-Function Multitool | bike-care | 39 | 165 g | bike-tool racing-red/steel | multitool, repair, pocket
Hex keys, a chain breaker, spoke keys and a bottle opener we did not plan but now cannot remove. Plates of hardened
steel, with rounded ends that do not wear through a pocket.
@ Material: Tool steel
# Patch Tin | bike-care | 9 | 110 g | bike-tool.patch sky/racing-red | repair, puncture, tin | loved
Six feathered patches, a tube of glue that has not dried out, sandpaper and chalk. The instructions are printed
inside the lid, where they can be read by torchlight.
@ Contents: 6 patches, glue, sandpaper
"""

WORKSHOP = Workshop(
    SHOP,
    prefix="SPA",
    accent="chestnut",
    made={"Warranty": "Five years"},
    catalogue=CATALOGUE,
    brand="Spoke & Anvil",
)
