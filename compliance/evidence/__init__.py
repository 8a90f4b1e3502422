"""What a photo or a PDF proves, and about what: a subject named by kind and id. Knows nobody's case."""
