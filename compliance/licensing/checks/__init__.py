"""A check: what a counter is answered (`rules`), and the facts that the answer is made from (`queries`)."""
