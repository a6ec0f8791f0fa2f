"""Pure arithmetic of orders: how an amount is split over lines, tax and commission; no database, no clock."""
