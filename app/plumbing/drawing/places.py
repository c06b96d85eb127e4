"""Where the designs and the print fonts lie."""

from pathlib import Path

ROOT = Path(__file__).parents[3]
CERTIFICATES = ROOT / "certificates"
PRINT_FONTS = ROOT / "app" / "static" / "dist" / "print-fonts"
