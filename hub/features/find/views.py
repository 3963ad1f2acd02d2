"""The search page."""

import structlog
from flask import Blueprint, Response, request

from hub.access.guard import declares, parts, viewer
from hub.features.find.forms import read_question
from hub.features.find.helping import Help, help_for, is_sparse, some_for
from hub.features.find.queries import Answered, ask
from hub.features.find.question import Question
from hub.features.find.results import answered_page, asked_page
from hub.web.pages import Problem
from hub.web.render import render
from search.engine import EngineError
from search.request import InvalidQuery

log = structlog.get_logger(__name__)
blueprint = Blueprint("find", __name__, template_folder="templates")

SERVICE_UNAVAILABLE = 503


@blueprint.get("/search")
@declares("search:ask", costs="search")
def search() -> Response:
    """The one search."""
    read = read_question(request.args.to_dict(flat=False), parts().kinds)
    if read.problems or not read.question.asked:
        viewer().visible()  # nothing is shown, and that is what policy is asked about here
        return render(asked_page(read))
    try:
        answered = ask(parts().engine, parts().kinds, viewer(), read.question)
        helped = _helped(read.question, answered)
    except InvalidQuery as error:
        return render(asked_page(read, (Problem("q", str(error)),)))
    except EngineError as error:
        log.error("search engine failed", reason=str(error))  # noqa: TRY400  # its trace says nothing more
        return render(asked_page(read, engine_down=True), SERVICE_UNAVAILABLE)
    return render(answered_page(read, answered, helped))


def _helped(question: Question, answered: Answered) -> Help | None:
    """What helps where nothing, or little, was found."""
    if not answered.total:
        return help_for(parts().engine, parts().kinds, viewer(), question)
    if is_sparse(question, answered.total):
        return some_for(parts().engine, parts().kinds, viewer(), question, {hit.id for hit in answered.hits})
    return None
