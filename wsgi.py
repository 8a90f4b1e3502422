"""The WSGI entry point; `flask` finds it by its name. Starts no scheduler by itself."""

import gc

gc.disable()  # while all is loaded: none of it is garbage, and looking would take a tenth of the time

from compliance import create_app  # noqa: E402
from compliance.web.commandline import looks_for_a_command  # noqa: E402

app = create_app(pages=not looks_for_a_command())
gc.freeze()
gc.enable()
