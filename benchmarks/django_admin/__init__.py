"""Django's admin on the same tables, tuned as its documentation says. Only for P6 and P9.

Runs in a virtual environment of its own (`goals/neighbours.py` makes it), never in the application's.
"""
