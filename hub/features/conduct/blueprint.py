"""The blueprint that all views of conduct share."""

from flask import Blueprint

blueprint = Blueprint("conduct", __name__, template_folder="templates")
