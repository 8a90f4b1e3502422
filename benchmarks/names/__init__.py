"""Which firm is it: a registry of invented names, and labelled questions about it. Measured by goal P14."""
