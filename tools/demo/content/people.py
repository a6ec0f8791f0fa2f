"""Who buys, and who signs in to try the marketplace. None of them exists; `example.com` belongs to nobody."""

from types import MappingProxyType
from unicodedata import normalize

from content.shapes import Account, PersonContent

ACCOUNTS = MappingProxyType(
    {
        "admin": Account("admin@example.com", "demo-admin-password", "Ada", "Keeper", None),
        "vendor": Account("vendor@example.com", "demo-vendor-password", "Ines", "Marsh", "saltmarsh-pottery"),
        "buyer": Account("buyer@example.com", "demo-buyer-password", "Bruno", "Lindqvist", None),
        "support": Account("support@example.com", "demo-support-password", "Zoë", "Müßig", None),
        "moderator": Account("moderator@example.com", "demo-moderator-password", "Renée", "Crête", None),
        "analyst": Account("analyst@example.com", "demo-analyst-password", "Jörg", "Zahlmann", None),
    }
)
"""The logins that the demo prints: one for each role."""

CLERK = Account("clerk@example.com", "demo-vendor-password", "Tove", "Marsh", "saltmarsh-pottery")
"""Works in the vendor login's shop, and may pack and list but not see the money."""
APPLICANT = Account("applicant@example.com", "demo-buyer-password", "Ottilie", "Wachs", None)
"""Waits for an answer to an application."""
BAKER = Account("baecker@example.com", "demo-buyer-password", "Jürgen", "Bäcker", None)
"""Waits as well."""

_WRITTEN = """
Bruno Lindqvist, Gothenburg, SE, Linnégatan 41, 413 04
Anneke de Wit, Utrecht, NL, Oudegracht 212, 3511 NR
Matthias Brandl, Munich, DE, Schellingstraße 58, 80799
Élodie Garnier, Lyon, FR, 14 rue des Tables Claudiennes, 69001
Giulia Ferrante, Bologna, IT, Via del Pratello 33, 40122
Nuria Casals, Barcelona, ES, Carrer de Verdi 76, 08012
Rasmus Holm, Aarhus, DK, Mejlgade 19, 8000
Aoife Brennan, Galway, IE, 8 Dominick Street Lower, H91 X2K4
Katharina Vogl, Vienna, AT, Neubaugasse 27, 1070
Tomasz Wrona, Kraków, PL, ul. Józefa 11, 31-056
Helena Duarte, Porto, PT, Rua de Miguel Bombarda 340, 4050-378
Jonas Peeters, Ghent, BE, Sleepstraat 95, 9000
Saara Niemi, Turku, FI, Läntinen Rantakatu 21, 20100
Lukáš Dvořák, Brno, CZ, Běhounská 9, 602 00
Sophie Keller, Basel, CH, Spalenberg 44, 4051
Ingrid Solberg, Bergen, NO, Skuteviksveien 6, 5035
Oliver Thornbury, Bristol, GB, 22 Picton Street, BS6 5QA
Fenna Bakker, Groningen, NL, Folkingestraat 30, 9711 JX
Julia Hartwig, Leipzig, DE, Karl-Heine-Straße 63, 04229
Benoît Lacaze, Bordeaux, FR, 51 rue Notre-Dame, 33000
Matteo Riva, Turin, IT, Via Sant'Agostino 12, 10122
Carmen Olmedo, Seville, ES, Calle Feria 88, 41003
Freja Lauridsen, Copenhagen, DK, Jægersborggade 14, 2200
Niamh Carroll, Cork, IE, 31 Barrack Street, T12 A7V9
Paul Steiner, Graz, AT, Lendplatz 16, 8020
Zofia Malik, Wrocław, PL, ul. Ruska 46, 50-079
Rui Valadares, Lisbon, PT, Rua da Bica 20, 1200-054
Lotte Claes, Antwerp, BE, Kloosterstraat 71, 2000
Eino Rantala, Tampere, FI, Pispalan valtatie 33, 33250
Klára Horáková, Prague, CZ, Krymská 26, 101 00
Reto Amstad, Lucerne, CH, Pfistergasse 5, 6003
Harriet Quill, Edinburgh, GB, 9 St Stephen Street, EH3 5AN
Astrid Ekman, Malmö, SE, Södra Förstadsgatan 64, 214 20
Moritz Albers, Hamburg, DE, Susannenstraße 17, 20357
Camille Roussel, Nantes, FR, 6 rue de l'Échelle, 44000
Elena Tosi, Verona, IT, Via Sottoriva 23, 37121
Iker Mendia, Bilbao, ES, Calle Somera 15, 48005
Petra Kovač, Ljubljana, SI, Trubarjeva cesta 40, 1000
Dimitra Laskari, Athens, GR, Veikou 52, 117 41
Mihkel Tamm, Tartu, EE, Supilinna 8, 51005
"""


def _person(line: str) -> PersonContent:
    name, city, country, line1, postal_code = line.split(", ")
    first, _, last = name.partition(" ")
    plain = normalize("NFKD", f"{first}.{last}").encode("ascii", "ignore").decode().lower().replace(" ", "-")
    # the demo's buyer signs in and finds orders of his own
    email = ACCOUNTS["buyer"].email if name == "Bruno Lindqvist" else f"{plain}@example.org"
    return PersonContent(first, last, email, city, country, line1, postal_code)


PEOPLE = tuple(_person(line) for line in _WRITTEN.strip().splitlines())
"""The buyers; the first is the demo's buyer login."""
