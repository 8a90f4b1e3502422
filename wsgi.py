"""The WSGI entry point; `flask` finds it by its name. Starts no scheduler by itself."""

from compliance import create_app

app = create_app()
