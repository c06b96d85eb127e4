"""The door for web servers and the `flask` command: `flask --app wsgi ...`."""

import os
import sys

from app.web.assets import NoAssets
from app.web.factory import create_app
from app.web.settings import WrongSettings, settings_from

try:
    app = create_app(settings_from(os.environ))
except (WrongSettings, NoAssets) as wrong:
    sys.exit(f"Hooray cannot start. {wrong}")
