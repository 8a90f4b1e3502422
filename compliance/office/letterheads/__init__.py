"""What stands at the head of an inspectorate's letters, and on which paper they are printed."""
