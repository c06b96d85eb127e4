"""The door for web servers and the `flask` command: `flask --app wsgi ...`."""

import os

from app.web.factory import create_app
from app.web.settings import settings_from

app = create_app(settings_from(os.environ))
