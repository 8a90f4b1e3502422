"""Proof of membership: what shows that a company keeps its duties to BPJS Ketenagakerjaan, as fields."""
