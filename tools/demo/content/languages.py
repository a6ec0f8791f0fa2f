"""What the demo calls things in other languages: in German nearly all of them, in others some.

A line is the slug of a category or product, and its name. Attributes are known by their names in small letters.
"""

CATEGORIES_DE = """
home | Haus & Küche
tableware | Geschirr
mugs | Becher & Tassen
serveware | Schalen, Teller & Servieren
vases | Vasen & Kerzen
coffee | Kaffee
beans | Bohnen
brewing | Zubereitung
lighting | Beleuchtung
lamps | Tisch- & Stehlampen
pendants | Pendel- & Wandleuchten
light-parts | Leuchtmittel & Teile
stationery | Schreibwaren
notebooks | Notizbücher & Planer
pens | Stifte & Tinte
paper | Karten, Papier & Schreibtisch
wool | Strick & Wolle
jumpers | Pullover & Strickjacken
hats-scarves | Mützen, Schals & Socken
blankets | Decken & Garn
garden | Pflanzen & Garten
houseplants | Zimmerpflanzen
outdoor-plants | Kräuter, Samen & Draußen
garden-tools | Gartenwerkzeug
cycling | Fahrrad
bicycles | Fahrräder & Laufräder
components | Fahrradteile
bike-bags | Taschen & Körbe
bike-care | Werkzeug & Sicherheit
toys | Spielzeug & Spiele
vehicles | Züge & Fahrzeuge
building | Bauen & Stapeln
games | Spiele & Musik
"""
CATEGORIES_FR = """
home | Maison & cuisine
tableware | Vaisselle
mugs | Mugs & tasses
serveware | Bols, assiettes & service
vases | Vases & bougies
coffee | Café
beans | Grains
brewing | Préparation
lighting | Luminaires
lamps | Lampes à poser & lampadaires
pendants | Suspensions & appliques
light-parts | Ampoules & pièces
stationery | Papeterie
notebooks | Carnets & agendas
pens | Stylos & encres
paper | Cartes, papier & bureau
wool | Maille & laine
jumpers | Pulls & cardigans
hats-scarves | Bonnets, écharpes & chaussettes
blankets | Couvertures & fil
garden | Plantes & jardin
houseplants | Plantes d'intérieur
outdoor-plants | Herbes, graines & extérieur
garden-tools | Outils de jardin
cycling | Vélo
bicycles | Vélos & roues
components | Composants
bike-bags | Sacs & paniers
bike-care | Outils & sécurité
toys | Jouets & jeux
vehicles | Trains & véhicules
building | Construire & empiler
games | Jeux & musique
"""
CATEGORIES_AR = """
home | المنزل والمطبخ
coffee | القهوة
lighting | الإضاءة
stationery | القرطاسية
wool | الصوف
garden | النباتات والحديقة
cycling | الدراجات
toys | الألعاب
tableware | أدوات المائدة
mugs | الأكواب والفناجين
"""
CATEGORIES_JA = """
home | ホーム・キッチン
tableware | 食器
mugs | マグ・カップ
coffee | コーヒー
beans | コーヒー豆
brewing | 抽出器具
lighting | 照明
stationery | 文房具
notebooks | ノート・手帳
wool | ニット・毛糸
garden | 植物・ガーデン
cycling | 自転車
toys | おもちゃ
"""
PRODUCTS_DE = """
dairymaid-table-lamp | Tischlampe Milchmädchen
chanterelle-lamp | Pfifferlingslampe
full-moon-globe-lamp | Kugellampe Vollmond
register-drum-lamp | Trommellampe Kontor
pleated-parlour-lamp | Salonlampe mit Falten
readers-floor-lamp | Stehlampe für Leser
surveyor-tripod-lamp | Dreibeinlampe Landvermesser
over-the-sofa-arc-lamp | Bogenlampe fürs Sofa
draughtsman-desk-lamp | Schreibtischlampe Zeichner
clamp-on-work-lamp | Arbeitslampe mit Klemme
nightwatch-lantern | Laterne Nachtwache
folding-paper-lantern | Faltbare Papierlaterne
refectory-dome-pendant | Kuppelpendel Refektorium
soap-bubble-pendant | Pendelleuchte Seifenblase
schoolroom-cone | Kegelleuchte Klassenzimmer
lily-pad-pendant | Pendelleuchte Seerosenblatt
cocoon-paper-pendant | Papierpendel Kokon
cloche-pendant | Pendelleuchte Glasglocke
bracket-wall-lamp | Wandlampe mit Ausleger
eclipse-wall-light | Wandleuchte Finsternis
evening-bulb | Abendglühbirne
large-globe-bulb | Große Kugelbirne
candle-bulb | Kerzenbirne
courtyard-string-lights | Lichterkette Innenhof
textile-cable | Textilkabel
abat-jour-en-lin-ecru | Lampenschirm aus rohem Leinen
rotary-dimmer | Drehdimmer
shepherds-crew-jumper | Rundhalspullover Schäfer
northern-yoke-jumper | Passenpullover Norden
ferry-deck-breton | Bretagnepullover Fährdeck
six-rope-cable-jumper | Zopfpullover Sechs Seile
lighthouse-roll-neck | Rollkragenpullover Leuchtturm
library-cardigan | Strickjacke Bibliothek
orchard-vest | Strickweste Obstgarten
bobble-hat | Bommelmütze
harbour-beanie | Hafenmütze
rugby-stripe-beanie | Ringelmütze Rugby
twist-headband | Gedrehtes Stirnband
signal-stripe-scarf | Streifenschal Signal
plain-long-scarf | Langer schlichter Schal
moorland-check-scarf | Karoschal Moor
weathered-snood | Schlauchschal Wind und Wetter
diamond-mittens | Fäustlinge mit Rauten
fiddlers-wrist-warmers | Pulswärmer für Geiger
turned-heel-socks | Socken mit gestrickter Ferse
striped-hut-socks | Gestreifte Hüttensocken
first-steps-booties | Babyschuhe Erste Schritte
hay-barn-blanket | Wolldecke Heuscheune
yllas-viltti-fjall | Wolldecke Ylläs Fjäll
skein-of-fell-wool | Strang Bergwolle
beginners-ball-and-needles | Wollknäuel und Stricknadeln für Anfänger
cabled-cushion | Zopfkissen
deckchair-cushion | Liegestuhlkissen
swiss-cheese-plant | Fensterblatt
fiddle-leaf-fig | Geigenfeige
mother-in-laws-tongue | Bogenhanf
column-cactus | Säulenkaktus
sword-fern | Schwertfarn
silver-rosette | Silberrosette
ruby-rosette | Rubinrosette
trailing-string-plant | Erbsenpflanze
moss-garden-in-glass | Moosgarten im Glas
patio-olive | Olivenbaum für die Terrasse
kitchen-basil | Küchenbasilikum
creeping-thyme | Kriechender Thymian
english-lavender | Echter Lavendel
cottage-dahlia | Bauerngarten-Dahlie
bee-meadow-seed-mix | Samenmischung Bienenwiese
heritage-tomato-seeds | Tomatensamen alter Sorten
sweet-pea-seeds | Wickensamen
spring-bulb-trio | Drei Frühlingszwiebeln
forged-trowel | Geschmiedete Pflanzkelle
three-tine-hand-fork | Handgabel mit drei Zinken
soil-knife | Pflanzmesser
bypass-secateurs | Gartenschere
rose-gauntlets | Rosenhandschuhe
long-reach-watering-can | Gießkanne mit langem Hals
greenhouse-mister | Sprühflasche Gewächshaus
jute-twine-on-a-spool | Jutegarn auf der Spule
branch-line-engine | Lokomotive Nebenbahn
open-waggon-with-blocks | Offener Güterwagen mit Klötzen
box-of-track | Kiste voll Schienen
aunt-rosas-car | Tante Rosas Auto
market-day-van | Lieferwagen Markttag
timber-truck | Holzlaster
millpond-sailing-boat | Segelboot Mühlteich
barnstormer-aeroplane | Flugzeug Kunstflieger
pull-along-duck | Ente zum Ziehen
pull-along-elephant | Elefant zum Ziehen
pull-along-dachshund | Dackel zum Ziehen
dapple-rocking-horse | Schaukelpferd Apfelschimmel
unit-blocks | Bauklötze
steeple-stacker | Stapelturm Kirchturm
rainbow-arches | Regenbogenbögen
stacking-rings | Stapelringe
rocking-moon-balance-game | Balancierspiel Mondwippe
gable-end-dolls-house | Puppenhaus Giebel
hay-barn-stable | Spielstall Heuscheune
family-of-pegs | Steckfigurenfamilie
whirling-top | Wirbelkreisel
sunday-yo-yo | Sonntags-Jo-Jo
shape-board | Formenbrett
jeu-de-memoire-foret | Gedächtnisspiel Wald
garden-chime-bars | Klangstäbe Garten
village-green-skittles | Kegelspiel Dorfwiese
lamplighter-house-blend | Hausmischung Laternenanzünder
night-shift-espresso | Espresso Nachtschicht
hill-farm-guji | Bergfarm Guji
san-isidro-honey | San Isidro Honey
red-soil-kenya | Kenia Rote Erde
quiet-hours-decaf | Entkoffeinierter Kaffee Ruhestunden
counter-kilo | Das Kilo für die Theke
three-streets-sampler | Probierpaket Drei Straßen
gooseneck-kettle | Schwanenhalskessel
whistling-stove-kettle | Flötenkessel für den Herd
porcelain-dripper | Kaffeefilter aus Porzellan
dripper-and-server-set | Kaffeefilter mit Glaskanne
hourglass-brewer | Sanduhr-Karaffe
long-night-cold-brewer | Kaltbrüher Lange Nacht
glass-range-server | Glaskanne
lantern-french-press | Stempelkanne Laterne
octagon-moka-pot | Achteckige Espressokanne
pocket-hand-grinder | Taschenkaffeemühle
knee-grinder | Kniemühle
barista-scale | Baristawaage
beech-coffee-scoop | Kaffeelöffel aus Buche
dial-tamper | Tamper mit Skala
counter-brush | Thekenbürste
unbleached-filter-papers | Ungebleichte Filtertüten
filtre-en-coton-matinee | Baumwollfilter Vormittag
tasse-a-cafe-creme | Tasse für Café crème
apothecary-notebook | Notizbuch Apotheke
ribbon-journal | Tagebuch mit Leseband
travellers-strap-book | Reisebuch mit Riemen
long-stitch-sketchbook | Skizzenbuch mit Langstich
quarter-cloth-ledger | Kontobuch mit Leinenrücken
letters-home-album | Album Briefe nach Hause
pocket-cahiers | Taschenhefte
undated-desk-planner | Tischplaner ohne Datum
linocut-wall-calendar | Wandkalender mit Linolschnitten
five-year-diary | Fünfjahrestagebuch
chemist-fountain-pen | Füllfederhalter Apotheker
counter-ballpoint | Thekenkugelschreiber
scribes-dip-pen | Schreibfeder
sable-brush-pen | Pinselstift aus Marderhaar
graphite-five | Fünf Graphitstifte
bureau-ink | Bürotinte
iron-gall-ink | Eisengallustinte
sealed-envelopes | Briefumschläge mit Siegel
pressed-botanical-cards | Karten mit gepressten Pflanzen
letter-seal-and-wax | Petschaft und Siegelwachs
thursday-marbled-papers | Marmorpapiere Donnerstag
paste-paper-gift-wrap | Geschenkpapier aus Kleisterpapier
carton-a-dessin-ete-a-sete | Zeichenmappe Sommer in Sète
bookbinders-starter-kit | Anfängerset Buchbinden
brass-letter-opener | Brieföffner aus Messing
desk-pencil-case | Federmäppchen
tide-mug | Becher Gezeiten
ferryman-tall-mug | Hoher Becher Fährmann
pebble-espresso-cup | Espressotasse Kiesel
half-dipped-mug | Halb getauchter Becher
porridge-bowl | Haferbreischale
ramen-bowl | Ramenschale
estuary-serving-bowl | Servierschale Flussmündung
nesting-bowls | Ineinanderstehende Schalen
crumb-plate | Krümelteller
flounder-platter | Platte Flunder
kettle-lane-teapot | Teekanne Kesselgasse
harbour-teapot | Teekanne Hafen
milkmaid-jug | Krug Milchmagd
thimble-creamer | Milchkännchen Fingerhut
larder-jar | Vorratsdose
butter-keeper | Butterdose
message-bottle-vase | Vase Flaschenpost
moon-jar | Mondvase
daisy-bud-vase | Knospenvase Gänseblümchen
pier-cylinder-vase | Zylindervase Pier
lamplighter-candlestick | Kerzenständer Laternenanzünder
pair-of-candlesticks | Ein Paar Kerzenständer
potters-seconds-mug | Becher zweiter Wahl
arch-no-4-city-bicycle | Stadtfahrrad Bogen Nr. 4
ladder-lane-step-through | Tiefeinsteiger Leitergasse
sparrow-childrens-bicycle | Kinderfahrrad Spatz
hand-laced-front-wheel | Handgespeichtes Vorderrad
courier-tyre | Fahrradreifen Kurier
butyl-inner-tube | Schlauch aus Butyl
stationmaster-saddle | Sattel Bahnhofsvorsteher
moustache-handlebar | Schnurrbartlenker
randonneur-drop-bar | Rennlenker Randonneur
cork-grips | Korkgriffe
cotton-bar-tape | Lenkerband aus Baumwolle
forty-two-chainring-and-crank | Kettenblatt 42 mit Kurbel
quiet-chain | Leise Fahrradkette
platform-pedals | Plattformpedale
ding-dong-bell | Fahrradklingel Dingdong
lighthouse-front-lamp | Frontlicht Leuchtturm
arch-helmet | Fahrradhelm Bogen
oxbow-shackle-lock | Bügelschloss
sleeve-chain-lock | Kettenschloss mit Hülle
postman-pannier | Packtasche Briefträger
tool-roll-saddlebag | Satteltasche Werkzeugrolle
touring-bar-roll | Lenkerrolle Tour
market-basket | Marktkorb
track-pump | Standpumpe
mini-pump | Minipumpe
fourteen-function-multitool | Werkzeug mit vierzehn Funktionen
patch-tin | Flickzeugdose
"""
PRODUCTS_FR = """
tide-mug | Mug Marée
half-dipped-mug | Mug à demi trempé
pebble-espresso-cup | Tasse à espresso Galet
porridge-bowl | Bol à porridge
nesting-bowls | Bols gigognes
kettle-lane-teapot | Théière de la ruelle
harbour-teapot | Théière du port
milkmaid-jug | Cruche de la laitière
butter-keeper | Beurrier
moon-jar | Vase Lune
pair-of-candlesticks | Paire de bougeoirs
gooseneck-kettle | Bouilloire à col de cygne
porcelain-dripper | Porte-filtre en porcelaine
lantern-french-press | Cafetière à piston Lanterne
octagon-moka-pot | Cafetière italienne octogonale
night-shift-espresso | Espresso du poste de nuit
bobble-hat | Bonnet à pompon
plain-long-scarf | Longue écharpe unie
turned-heel-socks | Chaussettes à talon tourné
hay-barn-blanket | Couverture de la grange
library-cardigan | Cardigan de bibliothèque
apothecary-notebook | Carnet d'apothicaire
five-year-diary | Journal de cinq ans
iron-gall-ink | Encre ferro-gallique
brass-letter-opener | Coupe-papier en laiton
english-lavender | Lavande vraie
patio-olive | Olivier de terrasse
bypass-secateurs | Sécateur
long-reach-watering-can | Arrosoir à long bec
unit-blocks | Blocs de construction
whirling-top | Toupie
dapple-rocking-horse | Cheval à bascule pommelé
arch-no-4-city-bicycle | Vélo de ville Arche n° 4
market-basket | Panier de marché
ding-dong-bell | Sonnette ding-dong
full-moon-globe-lamp | Lampe globe Pleine lune
draughtsman-desk-lamp | Lampe de bureau du dessinateur
soap-bubble-pendant | Suspension Bulle de savon
"""
PRODUCTS_AR = """
harbour-teapot | إبريق شاي الميناء
kettle-lane-teapot | إبريق شاي الزقاق
tide-mug | كوب المد
pebble-espresso-cup | فنجان إسبريسو
night-shift-espresso | قهوة إسبريسو ليلية
nightwatch-lantern | فانوس الليل
patio-olive | شجرة زيتون
plain-long-scarf | وشاح طويل
arch-no-4-city-bicycle | دراجة المدينة
"""
PRODUCTS_JA = """
tide-mug | 潮のマグカップ
half-dipped-mug | 半掛けマグカップ
pebble-espresso-cup | 小石のエスプレッソカップ
kettle-lane-teapot | やかん小路の急須
harbour-teapot | 港の急須
ramen-bowl | ラーメン鉢
moon-jar | 月の壺
gooseneck-kettle | 細口ケトル
porcelain-dripper | 磁器のドリッパー
knee-grinder | コーヒーミル
apothecary-notebook | 薬屋のノート
chemist-fountain-pen | 薬剤師の万年筆
folding-paper-lantern | 折りたたみ提灯
moss-garden-in-glass | ガラスの苔庭
unit-blocks | 積み木
arch-no-4-city-bicycle | シティサイクル アーチ4号
"""
ATTRIBUTES_DE: dict[str, dict[str, str]] = {
    "material": {
        "name": "Material",
        "values.Beech and lime wood": "Buche und Linde",
        "values.Stoneware": "Steinzeug",
        "values.100 % lambswool": "100 % Lammwolle",
        "values.100 % pure new wool": "100 % Schurwolle",
        "values.100 % merino": "100 % Merino",
        "values.Borosilicate glass": "Borosilikatglas",
        "values.Leather and steel": "Leder und Stahl",
        "values.Cork": "Kork",
        "values.Cotton": "Baumwolle",
        "values.Alloy": "Leichtmetall",
    },
    "origin": {
        "name": "Herkunft",
        "values.Bound and printed by hand": "Von Hand gebunden und gedruckt",
        "values.Spun and knitted within one valley": "In einem Tal gesponnen und gestrickt",
        "values.Thrown and fired in our workshop": "In unserer Werkstatt gedreht und gebrannt",
    },
    "warranty": {
        "name": "Garantie",
        "values.Five years": "Fünf Jahre",
        "values.Ten years, parts for longer": "Zehn Jahre, Ersatzteile länger",
    },
    "care": {
        "name": "Pflege",
        "values.Dishwasher safe": "Spülmaschinenfest",
        "values.Wipe clean": "Feucht abwischen",
        "values.Wash by hand": "Von Hand waschen",
        "values.Machine wash, wool cycle": "Maschinenwäsche, Wollprogramm",
        "values.Dishwasher and microwave safe": "Für Spülmaschine und Mikrowelle",
        "values.Wash cool by hand, dry flat": "Kühl von Hand waschen, liegend trocknen",
    },
    "size": {"name": "Größe", "values.One size": "Einheitsgröße"},
    "age": {
        "name": "Alter",
        "values.From 1 year": "Ab 1 Jahr",
        "values.From 2 years": "Ab 2 Jahren",
        "values.From 3 years": "Ab 3 Jahren",
        "values.From 4 years": "Ab 4 Jahren",
        "values.5 to 8 years": "5 bis 8 Jahre",
    },
    "finish": {"name": "Oberfläche", "values.Milk paint and linseed oil": "Milchfarbe und Leinöl"},
    "height": {"name": "Höhe"},
    "length": {"name": "Länge"},
    "bulb": {"name": "Leuchtmittel", "values.LED, replaceable": "LED, austauschbar"},
    "light": {"name": "Licht", "values.Full sun": "Volle Sonne", "values.Bright, indirect": "Hell, indirekt"},
    "volume": {"name": "Volumen"},
    "latin name": {"name": "Botanischer Name"},
    "diameter": {"name": "Durchmesser"},
    "capacity": {"name": "Fassungsvermögen"},
    "contents": {"name": "Inhalt"},
    "water": {"name": "Gießen", "values.Weekly": "Wöchentlich", "values.Twice a month": "Zweimal im Monat"},
    "roast": {"name": "Röstung", "values.Medium": "Mittel", "values.Light": "Hell"},
    "notes": {"name": "Aromen"},
    "cord": {
        "name": "Kabel",
        "values.2.5 m textile": "2,5 m Textil",
        "values.3 m textile": "3 m Textil",
        "values.2 m textile": "2 m Textil",
    },
    "pages": {"name": "Seiten"},
    "colour": {"name": "Farbe", "values.Cream": "Creme", "values.Terracotta": "Terrakotta"},
    "glaze": {"name": "Glasur"},
    "weight": {"name": "Gewicht"},
    "frame": {"name": "Rahmen", "values.Brazed steel": "Gelöteter Stahl"},
    "wheels": {"name": "Laufräder"},
    "shade": {"name": "Schirm", "values.Cream": "Creme", "values.Terracotta": "Terrakotta"},
}
ATTRIBUTES_FR: dict[str, dict[str, str]] = {
    "material": {"name": "Matière", "values.Stoneware": "Grès", "values.Beech and lime wood": "Hêtre et tilleul"},
    "origin": {"name": "Origine"},
    "warranty": {"name": "Garantie"},
    "care": {"name": "Entretien"},
    "size": {"name": "Taille"},
    "colour": {"name": "Couleur"},
}


METHODS_DE = """
Standard | Standardversand
Express, next day | Express, am nächsten Tag
Express, by weight | Express, nach Gewicht
"""
METHODS_FR = """
Standard | Livraison standard
Express, next day | Express, le lendemain
Express, by weight | Express, selon le poids
"""


def _named(lines: str) -> dict[str, dict[str, str]]:
    pairs = (line.split(" | ") for line in lines.strip().splitlines())
    return {slug: {"name": name} for slug, name in pairs}


TEXTS = {
    "de": {
        "category": _named(CATEGORIES_DE),
        "product": _named(PRODUCTS_DE),
        "attribute": ATTRIBUTES_DE,
        "shipping_method": _named(METHODS_DE),
    },
    "fr": {
        "category": _named(CATEGORIES_FR),
        "product": _named(PRODUCTS_FR),
        "attribute": ATTRIBUTES_FR,
        "shipping_method": _named(METHODS_FR),
    },
    "ar": {"category": _named(CATEGORIES_AR), "product": _named(PRODUCTS_AR)},
    "ja": {"category": _named(CATEGORIES_JA), "product": _named(PRODUCTS_JA)},
}
"""By language, kind, and key."""
