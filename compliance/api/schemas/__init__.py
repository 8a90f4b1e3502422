"""The API's schemas: what it is sent (`requests`) and what it answers (`responses`)."""
