"""The sandbox provider: pretended cards and transfers, for demos and tests."""
