"""The API's schemas: what it is sent (`requests`) and what it answers (`responses`). The description is made from them."""
