"""The blueprint of hearing, which its modules of views share."""

from flask import Blueprint

blueprint = Blueprint("hearing", __name__, template_folder="templates")
