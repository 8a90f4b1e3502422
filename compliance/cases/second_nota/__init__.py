"""Nota II: its pages, and the cases in which the time that a nota granted is over."""
