"""An administrator saves a policy file from an editor or a spreadsheet: it is read right, or every fault is named."""

import random
import string

import pytest

from acl.rules import MAX_LINES, PolicyError, Rule, read_rules, write_rules

HEADER = "effect,who,can,where,marking,state,until,reason"
GOOD = "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read"
DENY = "deny,everyone-but:group:leeds/legal,read,leeds/legal,any,any,-,Legal advice is privileged"


def read(*lines: str, file: str = "leeds.csv", scope: str = "o1") -> tuple[Rule, ...]:
    return read_rules("\n".join((HEADER, *lines)) + "\n", file=file, scope=scope)


def faults(text: str | bytes, *, file: str = "leeds.csv", scope: str = "o1") -> list[str]:
    with pytest.raises(PolicyError) as error:
        read_rules(text, file=file, scope=scope)
    assert str(error.value) == "\n".join(map(str, error.value.faults))
    return [str(fault) for fault in error.value.faults]


def fault(line: str, **where: str) -> str:
    (found,) = faults(f"{HEADER}\n{GOOD}\n{line}\n", **where)
    assert found.startswith(f"{where.get('file', 'leeds.csv')}:3: ")
    return found


def test_ann_reads_back_what_she_typed() -> None:
    (rule,) = read(GOOD)
    assert rule == Rule(
        "o1", "allow", "org:leeds", "read", "leeds", "up to OFFICIAL", "published", "-", "Staff read", "leeds.csv", 2
    )


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (f"\ufeff{HEADER}\n{DENY}\n", "a byte-order mark, as Excel writes it"),
        (f"{HEADER}\r\n{DENY}\r\n", "the line ends of Windows"),
        (f"{HEADER}\r\n{DENY}\n", "mixed line ends"),
        (f"{HEADER}\r{DENY}\r", "the line ends of old Macs"),
        (f"{HEADER}\n\n  \n,,,,,,,\n{DENY}\n", "empty lines and rows"),
        (f"# who may read what, and why\n{HEADER}\n# legal: \n{DENY}\n", "comment lines"),
        (f"{HEADER}\n# legal,,,,,,,\n{DENY}\n", "a comment as a spreadsheet pads it"),
        (f'{HEADER}\n"# legal, and so on",,,,,,,\n{DENY}\n', "a comment that a spreadsheet quoted"),
        (f"{HEADER}\n{DENY},\n", "a trailing comma"),
        (f"{HEADER},,\n{DENY},,\n", "empty columns at the end"),
        (HEADER.replace(",", ";") + "\n" + DENY.replace(",", ";") + "\n", "semicolons"),
        (HEADER.replace(",", "\t") + "\n" + DENY.replace(",", "\t") + "\n", "tabs"),
        ("sep=;\n" + HEADER.replace(",", ";") + "\n" + DENY.replace(",", ";") + "\n", "a spreadsheet's sep= line"),
        (HEADER.title() + "\n" + DENY + "\n", "a header with capitals"),
        (f"{HEADER}\n{DENY.replace('deny', 'Deny')}\n", "Deny with a capital"),
        (f"{HEADER}\n" + ",".join(f'"{cell}"' for cell in DENY.split(",")) + "\n", "every field quoted"),
        (f"{HEADER}\n{DENY.replace(',', ' , ')}\n", "spaces around the commas"),
        (HEADER + "\n" + DENY.replace(",", "\u00a0,") + "\n", "no-break spaces, as pasted from a web page"),
        (f"{HEADER}\n{DENY}", "no line end after the last reason"),
    ],
)
def test_the_deny_of_the_legal_team_is_read_right(text: str, what: str) -> None:
    """A4, A10, D-POL 64: what pycasbin drops or misreads in silence."""
    for given in (text, text.encode()):
        (rule,) = read_rules(given, file="leeds.csv", scope="o1")
        assert (rule.effect, rule.who, rule.where) == ("deny", "everyone-but:group:leeds/legal", "leeds/legal"), what
        assert rule.reason == "Legal advice is privileged"


def test_columns_are_found_by_their_header() -> None:
    text = "reason,until,who,effect,state,marking,where,can\nJoint,31/03/2027,org:york,allow,any,any,leeds,read\n"
    (rule,) = read_rules(text, file="leeds.csv", scope="o1")
    assert (rule.effect, rule.who, rule.can, rule.until, rule.reason) == (
        "allow",
        "org:york",
        "read",
        "2027-03-31",
        "Joint",
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "denied,org:leeds,read,leeds,any,any,-,",
            "effect: 'denied' is not an effect. Write allow or deny. Did you mean deny?",
        ),
        ("deni,org:leeds,read,leeds,any,any,-,", "Did you mean deny?"),
        ("deny # revoked,org:leeds,read,leeds,any,any,-,", "Put comments on a line of their own"),
        ("allow,org:leeds,read,leeds,OFFICIAL,any,-,", "'up to OFFICIAL', 'OFFICIAL and above', or 'only OFFICIAL'"),
        ("deny,org:leeds,read,leeds,OFFICIAL,any,-,", "'OFFICIAL and above', or 'only OFFICIAL'"),
        ("deny,org:leeds,read,leeds,up to OFFICIAL,any,-,", "Write 'OFFICIAL and above', 'only OFFICIAL' or 'any'"),
        ("allow,org:leeds,read,leeds,SECRET,any,-,", "'SECRET' is not a marking"),
        ("allow,everyone-but:org:leeds,read,leeds,any,any,-,x", "may stand in a deny only"),
        ("deny,everyone-but:document-owner,read,leeds,any,any,-,x", "name an org:, group:, person: or guest:"),
        ("deny,everyone-but:everyone-but:org:leeds,read,leeds,any,any,-,x", "name an org:, group:, person: or guest:"),
        ("deny,except:group:leeds/legal,read,leeds,any,any,-,x", "Write everyone-but:group:leeds/legal."),
        ("allow,everyone,read,leeds,any,any,-,x", "Write all-staff."),
        ("allow,user:leeds/sam,read,leeds,any,any,-,x", "Write person:leeds/sam."),
        ("allow,org:Leeds,read,leeds,any,any,-,x", "Write org:leeds."),
        ("allow,sam@leeds.example,read,leeds,any,any,-,x", "is an e-mail address"),
        ("allow,guest:maria@acme.example,read,leeds,any,any,-,x", "is an e-mail address"),
        ("allow,person:sam,read,leeds,any,any,-,x", "is not a word for who"),
        ("allow,,read,leeds,any,any,-,x", "who: '' is not a word for who"),
        ("allow,org:leeds,write,leeds,any,any,-,", "'write' is not an action"),
        ("deny,org:leeds,administer,leeds,any,any,-,", "may not deny administer"),
        ("allow,org:leeds,read,/leeds/housing/,any,any,-,", "Write leeds/housing."),
        ("allow,org:leeds,read,Leeds/Housing,any,any,-,", "Write leeds/housing."),
        ("allow,org:leeds,read,leeds/*,any,any,-,", "is not *, a place's path"),
        ("allow,org:leeds,read,node:platform,any,any,-,", "is not *, a place's path"),
        (f"allow,org:leeds,read,{'/'.join('a' * 33)},any,any,-,", "is deeper than 32 levels"),
        ("allow,org:leeds,read,leeds,any,live,-,", "'live' is not a state"),
        ("allow,org:leeds,read,leeds,any,any,,", "until: is empty. Write - for no end"),
        ("allow,org:leeds,read,leeds,any,any,31/02/2027,", "is not a day of the calendar"),
        ("allow,org:leeds,read,leeds,any,any,03/31/2027,", "is not a day of the calendar"),
        ("allow,org:leeds,read,leeds,any,any,31/03/27,", "is not a day"),
        ("allow,org:leeds,read,leeds,any,any,2027-03-31T00:00,", "is not a day"),
        ("allow,org:leeds,read,leeds,any,any,1927-03-31,", "is not in a year between 2000 and 2199"),
        ("allow,org:leeds,read,leeds,any,any", "has 6 columns; the first line names 8"),
        ("allow;org:leeds;read;leeds;any;any;-;", "is separated by semicolons, but the first line by commas"),
        ("allow\torg:leeds\tread\tleeds\tany\tany\t-\tx", "is separated by tabs"),
        ("allow,org:leeds,read,leeds,any,any,-,x,y", "has 9 columns; the first line names 8. Quote a value"),
        ('allow,org:leeds,read,leeds,any,any,-,"half', "has a quotation mark that is not closed"),
        ('allow,"org:leeds"x,read,leeds,any,any,-,y', "has a quotation mark that is not closed, or text after it"),
        ('"#allow",org:leeds,read,leeds,any,any,-,', "starts with # inside quotation marks"),
        ("allow,org:leeds,read,leeds,any,any,-,=HYPERLINK(1)", "a spreadsheet would run as a formula"),
        ("allow,org:leeds,read,leeds,any,any,-,a\u202eb", "invisible character U+202E"),
        ("allow,org:lee\u200bds,read,leeds,any,any,-,", "invisible character U+200B"),
        ("allow,org:leeds,read,leeds,any,any,-,a\x00b", "invisible character U+0000"),
        (f"allow,org:leeds,read,leeds,any,any,-,{'x' * 501}", "longer than 500 characters"),
        (GOOD, "says the same as line 2. Delete one of them."),
        ("p, org:leeds, read", "has 3 columns"),
        ("g, alice, admin", "has 3 columns"),
    ],
)
def test_a_wrong_line_is_named_with_what_to_write_instead(line: str, said: str) -> None:
    """A4, A10, D-POL 64."""
    if "invisible" in said:
        assert any(
            said in found and found.startswith("leeds.csv:3: ") for found in faults(f"{HEADER}\n{GOOD}\n{line}\n")
        )
        return
    assert said in fault(line)


@pytest.mark.parametrize("who", ["all-staff", "org:york", "group:york/legal", "person:york/sam", "guest:acme/maria"])
@pytest.mark.parametrize("reason", ["", "-"])
def test_a_reason_is_needed_where_others_gain(who: str, reason: str) -> None:
    said = fault(f"allow,{who},read,leeds/plan,any,any,-,{reason}")
    assert "leeds.csv:3: reason: is needed" in said
    assert read(f"deny,{who},read,leeds/plan,any,any,-,{reason}")
    assert read(f"allow,{who},read,leeds/plan,any,any,-,Joint plan")


@pytest.mark.parametrize(
    "who", ["own-organisation", "document-owner", "org:leeds", "group:leeds/x", "person:leeds/sam"]
)
def test_no_reason_is_needed_among_ourselves(who: str) -> None:
    assert read(f"allow,{who},read,leeds,any,any,-,", file="organisations/leeds.csv")


def test_the_platform_is_nobodys_own_organisation_and_may_deny_administer() -> None:
    for who in ("org:leeds", "all-staff"):
        assert "reason: is needed" in fault(f"allow,{who},read,*,any,any,-,", file="platform.csv", scope="platform")
    assert read("deny,org:leeds,administer,leeds,any,any,-,", file="platform.csv", scope="platform")


def test_every_fault_is_reported_not_only_the_first() -> None:
    found = faults(f"{HEADER}\nallo,org:leeds,raed,leeds,OFFICIAL,any,-,\n{GOOD}\ndeny,x,read,leeds,any,any,soon,\n")
    assert [line.split(": ")[:2] for line in found] == [
        ["leeds.csv:2", "effect"],
        ["leeds.csv:2", "can"],
        ["leeds.csv:2", "marking"],
        ["leeds.csv:4", "who"],
        ["leeds.csv:4", "until"],
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "leeds.csv:1: The file is empty. Its first line must be: effect,who"),
        ("\n# nothing yet\n", "The file is empty"),
        ("\ufeff", "The file is empty"),
        (GOOD + "\n", "The first line must name the columns"),
        ("p, sub, obj\n", "The first line must name the columns"),
        (HEADER.replace("who", "group") + "\n", "group: is not a column"),
        (HEADER.replace("until,", "") + "\n", "until: is missing from the first line"),
        (HEADER + ",who\n", "who: stands twice"),
        ("scope," + HEADER + "\n", "scope: is never typed"),
        ("sep=|\n" + HEADER.replace(",", "|") + "\n", "'|' cannot separate columns"),
        (HEADER + "\n" + "#\n" * MAX_LINES, "more than 20,000 lines"),
        (b"\xff\xfe" + HEADER.encode("utf-16-le"), "saved as Unicode text (UTF-16)"),
        (HEADER.encode("utf-16-le"), "saved as Unicode text (UTF-16)"),
        (
            f"{HEADER}\n{GOOD}\n".encode() + b"allow,org:leeds,read,leeds,any,any,-,caf\xe9\n",
            "leeds.csv:3: byte 0xe9 is not UTF-8",
        ),
        (b"x" * 4_000_001, "larger than 4,000,000 bytes"),
        (f"{HEADER}\n{GOOD}\n\ufeff{HEADER}\n", "leeds.csv:3: holds the invisible character U+FEFF"),
    ],
)
def test_a_file_that_is_no_policy_file_is_refused_whole(text: str | bytes, said: str) -> None:
    """A4, D-POL 64."""
    assert any(said in found for found in faults(text)), faults(text)


@pytest.mark.parametrize("order", [HEADER, "reason,until,state,marking,can,who,effect,where"])
def test_a_file_cut_off_in_its_last_line_never_means_something_else(order: str) -> None:
    """D-POL 64: at each byte of the last line the file is refused, or decides what the whole file decides."""
    names = order.split(",")
    cells = dict(zip(HEADER.split(","), DENY.split(","), strict=True))
    text = f"{order}\n" + ",".join(cells[name] for name in names) + "\n"
    (whole,) = read_rules(text, file="leeds.csv", scope="o1")
    for cut in range(len(order) + 2, len(text)):
        try:
            (rule,) = read_rules(text[:cut], file="leeds.csv", scope="o1")
        except PolicyError:
            continue
        columns = ("effect", "who", "can", "where", "marking", "state", "until")
        assert [getattr(rule, name) for name in columns] == [getattr(whole, name) for name in columns], text[:cut]


def test_a_commented_reason_that_comes_first_is_not_lost_in_silence() -> None:
    order = "reason,effect,who,can,where,marking,state,until"
    (found,) = faults(f"{order}\n#1 priority,deny,org:leeds,read,leeds,any,any,-\n")
    assert "leeds.csv:2: reason: starts with #: is it a comment or a rule?" in found


def test_what_is_written_is_read_back_and_dates_come_back_as_iso() -> None:
    rules = read(GOOD.replace(",-,", ",31/03/2027,"), 'deny,org:york,read,leeds,any,any,-,"a ""quoted"", reason; #1"')
    text = write_rules(rules)
    assert text.splitlines()[1] == "allow,org:leeds,read,leeds,up to OFFICIAL,published,2027-03-31,Staff read"
    assert read_rules(text, file="leeds.csv", scope="o1") == rules
    assert write_rules(read_rules(text, file="leeds.csv", scope="o1")) == text
    assert write_rules(()) == HEADER + "\n"


def test_no_typed_value_can_create_or_alter_a_rule() -> None:
    """D-POL 65: newline, comma, quotation mark, # and control characters in any value that an administrator types."""
    rng = random.Random(65)
    nasty = [
        *",;\t\"'#\n\r=@+- ",
        "\x00",
        "\x85",
        "\u2028",
        "\u202e",
        "\ufeff",
        *string.ascii_letters,
        "\nallow,all-staff,manage,*,any,any,-,x",
    ]
    written = 0
    for _ in range(3_000):
        value = "".join(rng.choice(nasty) for _ in range(rng.randint(1, 12)))
        column = rng.choice(("reason", "reason", "who", "where", "until", "effect"))
        cells = {"effect": "deny", "who": "org:york", "can": "read", "where": "leeds", "marking": "any", "state": "any"}
        rule = Rule("o1", **{**cells, "until": "-", "reason": "why", column: value}, file="leeds.csv", line=2)
        try:
            text = write_rules([rule])
        except PolicyError:
            continue
        written += 1
        assert read_rules(text, file="leeds.csv", scope="o1") == (rule,)
    assert written > 100


def test_random_bytes_never_raise_anything_but_a_policy_error() -> None:
    """D-POL 65: a file of noise, and good files with noise in them."""
    rng = random.Random(64)
    good = f"{HEADER}\n{GOOD}\n{DENY}\n".encode()
    for _ in range(3_000):
        noise = bytes(rng.randrange(256) for _ in range(rng.randint(0, 6)))
        at = rng.randrange(len(good))
        try:
            rules = read_rules(good[:at] + noise + good[at + rng.randint(0, 9) :], file="leeds.csv", scope="o1")
        except PolicyError as refused:
            faults_found = refused.faults
        else:
            faults_found = ()
            assert len(rules) <= 2
        assert all(fault.line >= 1 and fault.message for fault in faults_found)


def test_after_many_faults_the_rest_is_not_read() -> None:
    """Nobody mends a thousand at once; and no line is so long that its cells could not be read by anybody."""
    with pytest.raises(PolicyError) as refused:
        read_rules(
            HEADER + "\nalow,Org:x,raed,leeds_x,anyx,pub,31/02/2026,=x\n" * 5_000,
            file="organisations/leeds.csv",
            scope="o1",
        )
    assert 200 < len(refused.value.faults) < 220
    assert "Mend these first" in str(refused.value.faults[-1])
    with pytest.raises(PolicyError, match="is longer than 20,000 characters"):
        read_rules(HEADER + "\nallow," + " " * 20_000 + ",\n", file="organisations/leeds.csv", scope="o1")


@pytest.mark.parametrize("where", ["people:Leeds", "people:leeds/housing", "people:", "people:*", "staff:leeds"])
def test_only_a_whole_organisations_people_can_be_named(where: str) -> None:
    assert "people:leeds" in fault(f"allow,org:leeds,read,{where},any,any,-,")
