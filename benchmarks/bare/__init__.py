"""The bare, careful programs: the same questions and the same rows as the application's, on the raw driver."""
