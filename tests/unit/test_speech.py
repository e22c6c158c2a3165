"""Who speaks in each paragraph of a text: by name, by another word, or because a quotation goes on."""

import polars as pl
import pytest

from flows.normalise import mentions
from flows.normalise.mentions import SearchText

PEOPLE = {"Ann Ash": "female", "Ben Birch": "male", "Cy Cole": "male"}
TITLES = {"female": ("ms", "minister"), "male": ("mr", "minister")}
KNOWN = pl.DataFrame(
    [
        row
        for name, gender in PEOPLE.items()
        for first, last in [name.lower().split()]
        for row in (
            (f"{first} {last}", first, "full_name", gender),
            (last, first, "surname", gender),
            *((f"{title} {last}", first, "title", gender) for title in TITLES[gender]),
        )
    ],
    schema=["name", "minister_id", "method", "gender"],
    orient="row",
)
OWNERS = {name: {row[1] for row in KNOWN.rows() if row[0] == name} for name in KNOWN["name"]}
OWNERS["the minister"] = {"credited"}


def speakers(text: str) -> list[str]:
    """Return who speaks in each paragraph: the ids in a row, with the methods in brackets if a word other than a name
    tells; `-` for nobody.
    """
    hits = mentions.find_names([SearchText("a.md", "blob", text)], KNOWN)
    said = []
    place = 0
    for line in text.split("\n"):
        if line.strip():
            found = {
                (owner, hit.speech_method)
                for hit in hits
                for owner in OWNERS[hit.name]
                if hit.passage_place is not None and hit.passage_place <= place < hit.passage_place + hit.passage_length
            }
            ways = {method for _, method in found} - {"name"}
            said.append(" ".join(sorted(owner for owner, _ in found)) + "".join(f" ({way})" for way in ways) or "-")
        place += len(line) + 1
    return said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A quotation runs back to where it begins, over paragraphs and over lines.
        ("“One two three four five.\n\n“Six seven eight nine,” Ann Ash said.", ["ann", "ann"]),
        ("Ann Ash has a plan.\n“One two three four five.  \n“Six seven eight,” Ms Ash said.", ["-", "ann", "ann"]),
        (
            "Ann Ash said so.\n\nA report is out.\n\n“One two three four five.\n\n“Six,” Ms Ash said.",
            ["ann", "-", "ann", "ann"],
        ),
        # Where two people speak, an open quotation belongs to whoever speaks at its end.
        (
            "“One two three four five,” Ann Ash said.\n“Six seven eight nine ten.\n“One two three,” Ben Birch said.",
            ["ann", "ben", "ben"],
        ),
        (
            "“One two three four five,” Ann Ash said.\n“Six seven eight nine ten.”\n“One two three,” Ben Birch said.",
            ["ann", "ann", "ben"],
        ),
        # Nobody else speaks.
        ("Ann Ash said so.\nRain fell.\n“One two three four five.”", ["ann", "-", "ann (only_speaker)"]),
        ("Ann Ash welcomed it.\n“One two three four five.”", ["-", "ann (only_speaker)"]),
        ("The sea rose.\n“One two three four five.”", ["-", "credited (only_speaker)"]),
        ("It was launched by Ann Ash and Ben Birch.\n“One two three four five.”", ["-", "ann ben (only_speaker)"]),
        # Pronouns, offices and several people at once.
        ("Ann Ash welcomed it.\nShe said so.", ["-", "ann (pronoun)"]),
        ("Ann Ash welcomed it.\nHe said so.", ["-", "-"]),
        ("Ann Ash and Ben Birch said so.\nShe said so.\nHe did.", ["ann ben", "ann (pronoun)", "-"]),
        ("Ben Birch and Cy Cole met.\nHe said so.", ["-", "-"]),
        ("Sea Minister Ann Ash welcomed it.\nThe Minister said so.", ["-", "ann (role)"]),
        ("Sea Minister Ann Ash welcomed it.\nThe Sea Minister said so.", ["-", "ann (role)"]),
        ("Sea Minister Ann Ash welcomed it.\nThe Prime Minister said so.", ["-", "-"]),
        ("The sea rose.\nThe Minister said so.", ["-", "credited (role)"]),
        ("Ministers Ann Ash and Ben Birch met.\nThe Ministers said so.", ["-", "ann ben (role)"]),
        ("Minister Ann Ash, Sea Minister Ben Birch, and Cy Cole said so.", ["ann ben cy"]),
        ("Minister Ann Ash, Ben Birch and Sea Minister Cy Cole said so.", ["ann ben cy"]),
        # A surname is its owner's if the text names the owner in full.
        ("Ann Ash has a plan.\n“It is,” Ash said.", ["-", "ann (surname)"]),
        ("“It is,” Ash said.", ["-"]),
        ("Ann Ash has a plan.\n“It is,” Jane Ash said.", ["-", "-"]),
        # The subject of the verb is not the last name before it.
        ("Ann Ash, who announced it at a function in Wellington also attended by Ben Birch, said so.", ["ann"]),
        ("Ann Ash has a plan.\nCommenting on the plan of Ben Birch, Ash said so.", ["-", "ann (surname)"]),
        # Other people are quoted, too.
        ("Ann Ash said so.\n“One two three four,” says mayor Jane Doe.\n“Six seven eight nine.”", ["ann", "-", "-"]),
        ("Ann Ash said so.\nMayor Jan van der Doe says so.\n“One two three four five.”", ["ann", "-", "-"]),
        ("Ann Ash said so.\nJane Doe of the Sea Board:\n“One two three four five.”", ["ann", "-", "-"]),
        ("Ann Ash said so.\nMr Doe, an engineer, came. He said more.", ["ann", "-"]),
        # Words before a colon present a quotation; it is the speaker's if they name the speaker and nobody else.
        ("Ann Ash said so.\nThe report found:\n“One two three four five.\n“Six.”", ["ann", "-", "-", "-"]),
        ("Ann Ash said so.\nThe report found: “One two three four five.”", ["ann", "-"]),
        ("Ann Ash said so.\nThe winner: “One two three four five.”\nRain fell.\n“One two three four five.”",
         ["ann", "-", "-", "ann (only_speaker)"]),
        ("Ann Ash said so.\nThe report found: “One two three four five.”\n“One two three four five.”",
         ["ann", "-", "ann (only_speaker)"]),
        ("Ann Ash said so.\nA letter of Mr Doe to Ann Ash:\n“One two three four five.”", ["ann", "-", "-"]),
        ("Ann Ash said so.\nMs Ash wrote to them:\n“One two three four five.”", ["ann", "-", "ann (only_speaker)"]),
        ("The sea rose.\nThe Minister is sure:\n“One two three four five.”", ["-", "-", "credited (only_speaker)"]),
        ("“One two three four five:\n“Six seven eight nine ten.”\nAnn Ash said so.", ["ann", "ann", "ann"]),
        ("Ann Ash said so.\nJim Doe is an engineer. She said more.", ["ann", "-"]),
        # A title and the beginning of a sentence are no names of strangers.
        ("Ann Ash said so.\nIt rained.\nSea Minister Ann Ash met Ed. She said more.", ["ann", "-", "ann (pronoun)"]),
        ("Ann Ash said so.\nIt rained.\nMinister for Sea Ann Ash ate. She said more.", ["ann", "-", "ann (pronoun)"]),
        ("Ann Ash said so.\nRain fell.\nLast October, the sea rose. She said more.", ["ann", "-", "ann (pronoun)"]),
        ("“One two three four five, mayor of the town Jane Doe said.\n“Six,” Ann Ash said.", ["-", "ann"]),
        # Lines that tell of other releases, and of other times.
        ("> Ann Ash said so.", ["-"]),
        ("Ben Birch said so.\nEarlier, Ann Ash launched it.\nBut:\n“One two three four five.”", ["ben", "-", "-", "-"]),
        # To announce beside a quotation is to speak.
        ("“One two three four five,” Sea Minister Ann Ash announced.", ["ann"]),
        # Quotations that are not closed.
        ("“One two three four five, Ann Ash said.\nRain fell.", ["ann", "-"]),
        # In te reo Māori.
        ("“Tahi rua toru wha rima,” hei tā Ann Ash.\nHei tāna anō.", ["ann", "ann"]),
        ("Ko Ann Ash tēnei.\n“Tahi rua toru wha rima,” te kī a Minita Ash.", ["-", "ann (surname)"]),
        ("E ai ki a Ann Ash, ka pai.", ["ann"]),
    ],
)  # fmt: skip
def test_speakers(text: str, expected: list[str]) -> None:
    assert speakers(text) == expected


def test_a_passage_holds_at_most_2000_characters() -> None:
    text = "Ann Ash said so.\n" + "“One two three four five six seven eight nine ten.\n" * 200
    hits = mentions.find_names([SearchText("a.md", "blob", text)], KNOWN)
    lengths = [hit.passage_length for hit in hits if hit.passage_length]
    assert sum(lengths) > 0.9 * len(text)
    assert max(lengths) <= 2_000
