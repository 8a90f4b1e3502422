"""The bare, careful programs: the same questions and rows as the application's, on the raw driver."""
