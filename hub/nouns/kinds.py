"""The kinds of things that this hub knows, in the order in which they lean on one another. A list you can read."""

from hub.nouns.documents.kind import DOCUMENT
from hub.nouns.organisations.kind import ORGANISATION
from hub.nouns.people.kind import PERSON
from hub.nouns.spaces.kind import FOLDER, SPACE
from hub.nouns.threads.kind import THREAD
from hub.things.kinds import Kinds

KINDS = Kinds(ORGANISATION, SPACE, FOLDER, PERSON, DOCUMENT, THREAD)
