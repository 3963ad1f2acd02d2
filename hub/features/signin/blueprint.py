"""The addresses of signing in, and of what follows from it."""

from flask import Blueprint

blueprint = Blueprint("signin", __name__, template_folder="templates")
