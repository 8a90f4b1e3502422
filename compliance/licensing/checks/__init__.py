"""Checks: what a counter is answered, from which facts, and what is kept of it."""
