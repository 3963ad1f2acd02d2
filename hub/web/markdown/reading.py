"""From a text to HTML, in this process: `render`."""

from hub.web.markdown.parser import make_parser
from hub.web.markdown.prose import Prose, cleaned
from hub.web.markdown.tokens import settled
from hub.web.markdown.weight import check_weight


def render(source: str) -> Prose:
    """A Markdown text as it is shown. Raises Invalid for more than the hub takes."""
    check_weight(source)
    parser = make_parser()
    tokens, sections = settled(parser.parse(source.replace("\x00", "\ufffd")))
    return Prose(cleaned(parser.renderer.render(tokens, parser.options, {})), tuple(sections))
