"""Articles: their texts as an administrator entered them, in versions, and how a nota quotes them."""
