"""How large the demo is, and how much of each kind of trouble it holds."""

DUE_SOON = (-9, -5, -2, 0, 1, 4, 6)
"""In how many days the rechecks of the first inspector fall due that nobody has made yet."""
NOTICED = 4
"""The recheck of DUE_SOON that was announced to the company by letter."""
COMPANY_COUNT = 320
TWICE, TWICE_FROM = 4, 30
"""How many companies are in the registry twice, and above how many workers one looks for them."""
LISTED_COUNT = 24
OWED = {"PWBD": 5, "PDS-TK": 4, "PDS-Program": 2, "PDS-Upah": 1}
"""What the companies of the list owe, and how often."""
DAYS = 480
