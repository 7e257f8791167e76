"""Does it answer well, and fast? ``python -m eval run | tune | calibrate | bench``."""
