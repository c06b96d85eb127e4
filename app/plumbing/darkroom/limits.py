"""What a poster's file may be at most, and how large the pictures of it are."""

MOST_BYTES = 20 * 1024 * 1024
MOST_PAGES = 50
LONGEST_SIDE = 12_000
MOST_PIXELS = 40_000_000

THUMB, SMALL, LARGE, CLOSE = 640, 1700, 4000, 8000
"""The longest side in pixels: in a list, on a phone, enlarged, and close up (in tiles)."""
THUMB_BYTES, SMALL_BYTES = 60_000, 290_000
TILE = 1000
CLOSE_DPI = 200

SMALLEST_PICTURE = 2000
"""A picture with fewer pixels than this looks blurred when it is enlarged."""
SMALLEST_LETTER = 7.0
"""Pixels of the enlarged picture that most letters are high, for them to be read."""

NO_ROOM = 28
"""With this the process ends whose pictures the disk has no room for: nothing is wrong with the file."""
