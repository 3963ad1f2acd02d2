"""Text out of people's files: every file ends as readable text, or as "text not readable" with a plain reason.

Reading happens in a child process with limits on time, memory and bytes, so that no file brings down what called it.
"""

from hub.ground.extraction.formats import FORMATS, KINDS, Format, served
from hub.ground.extraction.outcome import Extracted, Limits
from hub.ground.extraction.room import side_by_side
from hub.ground.extraction.sniff import type_of
from hub.ground.extraction.worker import Extractor

__all__ = ["FORMATS", "KINDS", "Extracted", "Extractor", "Format", "Limits", "served", "side_by_side", "type_of"]
