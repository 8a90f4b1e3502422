"""The papers of the road: made from frozen facts, once, and kept byte for byte."""
