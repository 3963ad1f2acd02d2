"""The blueprint of sponsors' pages."""

from flask import Blueprint

blueprint = Blueprint("sponsoring", __name__, template_folder="templates")
