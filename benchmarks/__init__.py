"""Mercat's own benchmark: what the product reaches of what the machine could do. Run it with `./mercat bench`."""
