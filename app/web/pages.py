"""Pages that belong to the whole house: the first page and whether the product is up."""

from flask import Blueprint, redirect, render_template, session
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from app.kernel.permission import Permission, needs
from app.plumbing.database import db

pages = Blueprint("house", __name__)


@pages.get("/sign-in/arrived")
@needs(Permission.SIGN_IN)
def arrived() -> ResponseReturnValue:
    """Lead somebody who has signed in to the page they wanted, or to their programmes."""
    wanted = session.pop("after_sign_in", None)
    return redirect(str(wanted) if wanted else "/organise/")


@pages.get("/accessibility")
@needs(Permission.SEE_PUBLIC_PAGES)
def accessibility() -> ResponseReturnValue:
    """State how accessible the product is and what was not tested."""
    return render_template("house/public/accessibility.html")


@pages.get("/privacy")
@needs(Permission.SEE_PUBLIC_PAGES)
def privacy() -> ResponseReturnValue:
    """State what is kept about people, why, and for how long."""
    return render_template("house/public/privacy.html")


@pages.get("/health")
@needs(Permission.SEE_PUBLIC_PAGES)
def health() -> ResponseReturnValue:
    """Say whether the product and its database answer."""
    db.session.execute(text("SELECT 1"))
    return {"status": "up"}
