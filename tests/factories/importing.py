"""Examples of the page on which people are brought in."""

from hub.features.administration.pages import Said, Tab
from hub.features.administration.people.import_pages import ImportPeoplePage, NewRow
from hub.web.pages import Page, Problem
from tests.factories.page_values import LONG_WORD


def import_examples() -> dict[str, Page]:
    """The page before, with faults, and with a preview."""
    tabs = (Tab("People", "/admin/leeds/people", current=True),)
    here = "/admin/leeds/people"
    problem = Problem("text", "1 thing is wrong with the table")
    return {
        "import-people": ImportPeoplePage(tabs=tabs, action=f"{here}/import", cancel_href=here),
        "import-people-refused": ImportPeoplePage(
            tabs=tabs,
            action="/x",
            cancel_href=here,
            text="Name\n,\n",
            faults=(Said(0, "", "There are subjects in the table."), Said(2, "Full name", "There is no name.")),
            advice="The groups here are: Housing.",
            notes=(Said(0, "", "Columns that are left out: “Shoe size”."), Said(3, LONG_WORD, LONG_WORD)),
            problems=(problem,),
        ),
        "import-people-checked": ImportPeoplePage(
            tabs=tabs,
            action="/x",
            cancel_href=here,
            text="Name\nBo\n",
            checked="a" * 64,
            make=True,
            sentences=("It adds 51 people.",),
            rows=(
                NewRow(2, "Bo", "leeds/bo", "", "", ""),
                NewRow(3, LONG_WORD, LONG_WORD, LONG_WORD, "Clerk", "Housing"),
            ),
            more=49,
        ),
    }
