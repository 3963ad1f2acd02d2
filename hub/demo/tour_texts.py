"""What the tour says: its steps, the sentences above them, and how to begin an empty hub."""

from typing import Final

CODE_WORD: Final = "KESTREL"
WORDS: Final = ("flood", "retrofit", "damp", "pumps", "tender")
"""Searches that differ most from one person to the next."""

STEPS: Final = (
    "One search, three people",
    "Why can I see this?",
    "A word that only Legal finds",
    "Take out a line of policy",
    "Put the line back",
    "Share, and count who will see",
    "Who can see this?",
    "Ask once, and others find it",
)

LEDES: Final = (
    (
        "One hub for many organisations, and a search that shows each person exactly what policy lets them see. Eight "
        "steps prove it on this running hub: real searches, a real policy file, and people who are all invented."
    ),
    (
        "The same words, asked at the same moment by an officer of Leeds, one of York and a supplier. There is one "
        "index, and what somebody may not see changes nothing of what they get: not a count, not the order."
    ),
    (
        "Every page answers this with one sentence; whoever manages it is shown the rule too, with its file and line. "
        "Three people read the same document for three reasons. A fourth may not, and there is a reason for that too."
    ),
    (
        f"Leeds’ lawyers have a case that they call {CODE_WORD}. Helen is one of them. Daniel administers the whole of "
        "Leeds, Nadia is a lawyer too, at York: they get no result, no count, and no hint that there is anything."
    ),
    (
        "York reads the joint flood plan because of one line in Leeds’ policy file. Without that line, what York "
        "found is gone on the very next search. Nothing is indexed anew, and nobody is signed out."
    ),
    "And back: with the line in its place, York finds the plan again on the next search.",
    (
        "Tomasz of Leeds wants York to read his night rota for the gauges. Before anything is saved the hub counts, "
        "to the last person, who would see what they cannot see now."
    ),
    (
        "The other way round, as its manager is told: everyone who can read a document, and for each of them the "
        "line or the share that lets them, counted from the very rules that search and every page go by."
    ),
    (
        "George of York asks in a space where all councils may write, and Sam of Leeds answers. Yasmin of Bradford "
        "took no part in it, and finds it by search. Tom works for a supplier: to him there is no such question."
    ),
    (
        "The same program without the invented people. It needs a folder, and the sign-in that your organisation has "
        "already: Entra ID, Google Workspace, Keycloak, any OpenID Connect provider."
    ),
)
"""By step; the first is of the first page, the last of the last."""

SEARCH_YOURSELF: Final = (
    "The buttons above the columns sign you in as that person, through their own organisation, and show this very "
    "search as their page."
)
CODE_WORD_YOURSELF: Final = (
    "Sign in as Daniel and look for it: by search, among the spaces of Leeds, by guessing an address. What is hidden "
    "and what does not exist answer alike, byte for byte."
)
REFUSED_WHOLE: Final = (
    "Then search again as Ben. A file with a fault in it is refused whole, and the lines accepted before stay in force."
)

ASK_YOURSELF: Final = (
    "Sign in as Yasmin, open the question and answer it, or thank whoever did; then sign in as George and look.",
    "As anybody of a council: open a space, choose Talk, and ask. Before you send it, the page says who will read it.",
)

COMMANDS: Final = (
    ("Choose a folder, and start the hub in it", "export HUB_DATA=/srv/hub\nhub serve"),
    (
        "From another terminal: your organisation, and where its people sign in",
        """hub organisation add leeds --name "Leeds City Council" --domain leeds.gov.uk \\
    --issuer https://login.leeds.gov.uk --client-id hub --client-secret-file secret.txt""",
    ),
    (
        "The first person, and a link for their first sign-in",
        """hub person add leeds/sam-okafor --name "Sam Okafor" --group administrators
hub person link leeds/sam-okafor""",
    ),
    (
        "A space, and what is to lie in it",
        """hub space add leeds/housing --name Housing --audience restricted
hub import --organisation leeds --space housing --owner leeds/sam-okafor ~/housing-minutes""",
    ),
)
"""What each is for, and the command."""
