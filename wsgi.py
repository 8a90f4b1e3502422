"""The WSGI entry point; `flask` finds it by its name. Starts no scheduler by itself."""

import gc
import os

os.umask(0o077)  # the store, mails and reports are made for this user alone
gc.disable()  # while all is loaded: none of it is garbage, and looking would take a tenth of the time

from compliance import create_app  # noqa: E402
from compliance.web.commandline import looks_for_a_command  # noqa: E402

app = create_app(pages=not looks_for_a_command())
gc.freeze()
gc.enable()
