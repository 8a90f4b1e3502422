"""A check: what a counter is answered about a company (`rules`), and the facts that the answer is made from (`queries`)."""
