"""One module per shop: who they are and what they sell, as written."""
