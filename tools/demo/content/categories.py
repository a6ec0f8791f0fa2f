"""The tree that all eight shops share."""

from content.shapes import CategoryNode

CATEGORIES = (
    CategoryNode(
        "home",
        "Home & Kitchen",
        (
            CategoryNode(
                "tableware",
                "Tableware",
                (CategoryNode("mugs", "Mugs & Cups"), CategoryNode("serveware", "Bowls, Plates & Serving")),
            ),
            CategoryNode("vases", "Vases & Candles"),
            CategoryNode("coffee", "Coffee", (CategoryNode("beans", "Beans"), CategoryNode("brewing", "Brewing"))),
        ),
    ),
    CategoryNode(
        "lighting",
        "Lighting",
        (
            CategoryNode("lamps", "Table & Floor Lamps"),
            CategoryNode("pendants", "Pendants & Wall Lights"),
            CategoryNode("light-parts", "Bulbs & Parts"),
        ),
    ),
    CategoryNode(
        "stationery",
        "Stationery",
        (
            CategoryNode("notebooks", "Notebooks & Planners"),
            CategoryNode("pens", "Pens & Ink"),
            CategoryNode("paper", "Cards, Paper & Desk"),
        ),
    ),
    CategoryNode(
        "wool",
        "Knitwear & Wool",
        (
            CategoryNode("jumpers", "Jumpers & Cardigans"),
            CategoryNode("hats-scarves", "Hats, Scarves & Socks"),
            CategoryNode("blankets", "Blankets & Yarn"),
        ),
    ),
    CategoryNode(
        "garden",
        "Plants & Garden",
        (
            CategoryNode("houseplants", "Houseplants"),
            CategoryNode("outdoor-plants", "Herbs, Seeds & Outdoors"),
            CategoryNode("garden-tools", "Garden Tools"),
        ),
    ),
    CategoryNode(
        "cycling",
        "Cycling",
        (
            CategoryNode("bicycles", "Bicycles & Wheels"),
            CategoryNode("components", "Components"),
            CategoryNode("bike-bags", "Bags & Baskets"),
            CategoryNode("bike-care", "Tools & Safety"),
        ),
    ),
    CategoryNode(
        "toys",
        "Toys & Games",
        (
            CategoryNode("vehicles", "Trains & Vehicles"),
            CategoryNode("building", "Building & Stacking"),
            CategoryNode("games", "Games & Music"),
        ),
    ),
)
