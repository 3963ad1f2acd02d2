"""The blueprint that the views of people share."""

from flask import Blueprint

blueprint = Blueprint("people", __name__, template_folder="templates")
