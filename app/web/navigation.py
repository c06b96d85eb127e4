"""Navigation."""

from flask import Flask

from app.web.settings import Settings


def register(app: Flask, settings: Settings) -> None:
    """Nothing yet."""
