"""Pages that belong to the whole house: the first page and whether the product is up."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from app.kernel.permission import Permission, needs
from app.plumbing.database import db

pages = Blueprint("house", __name__)


@pages.get("/health")
@needs(Permission.SEE_PUBLIC_PAGES)
def health() -> ResponseReturnValue:
    """Say whether the product and its database answer."""
    db.session.execute(text("SELECT 1"))
    return {"status": "up"}
