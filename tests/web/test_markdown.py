"""The text of a release as HTML: nothing in it is active, and marks are where they belong."""

import time

import pytest

from flows.web.markdown import Name, names_of, render

ASH = Name("rua-ash", "Rua Ash", has_page=True)


def html(body: str, **links: str) -> str:
    return str(render(body, [], {"Rua Ash": ASH, "Mr Ash": ASH}, links).html)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("**Bold** and *slanted*", "<p><strong>Bold</strong> and <em>slanted</em></p>\n"),
        ("one\ntwo", "<p>one<br />\ntwo</p>\n"),
        ("# Head", "<h2>Head</h2>\n"),
        ("    indented", "<p>indented</p>\n"),
        ("<b>x</b><script>alert(1)</script>", "<p>&lt;b&gt;x&lt;/b&gt;&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("[x](data:text/html,x)", "<p>[x](data:text/html,x)</p>\n"),
        ("[x](ftp://a.example/)", "<p><a>x</a></p>\n"),
        ("[x](//a.example/)", "<p><a>x</a></p>\n"),
        ("![x](javascript:alert(1))", "<p>![x](javascript:alert(1))</p>\n"),
        ("a\x1b[31mred\u202e", "<p>a\\x1b[31mred\\u202e</p>\n"),
    ],
)
def test_a_text_is_shown_and_nothing_in_it_acts(body: str, expected: str) -> None:
    assert html(body) == expected


def test_links_lead_to_the_web_to_the_site_or_to_a_release() -> None:
    rel = 'rel="nofollow noopener noreferrer"'
    assert html("[x](https://a.example/?a=1&b=2)") == f'<p><a href="https://a.example/?a=1&amp;b=2" {rel}>x</a></p>\n'
    assert html("[x](/release/y)") == f'<p><a href="https://www.beehive.govt.nz/release/y" {rel}>x</a></p>\n'
    found = html("[x](https://s.example/release/māori)", **{"https://s.example/release/māori": "2003-06-17-a"})
    assert found == '<p><a href="/releases/2003-06-17-a">x</a></p>\n'
    assert (
        html("![A map](https://a.example/m.png)")
        == f'<p><a href="https://a.example/m.png" {rel}>Image: A map</a></p>\n'
    )


def test_names_are_marked_as_whole_words_and_no_link_is_inside_a_link() -> None:
    link = '<mark><a href="/ministers/rua-ash" title="Rua Ash">{}</a></mark>'
    assert html("Rua Ash and Mr Ash, not Rua Ashton") == (
        f"<p>{link.format('Rua Ash')} and {link.format('Mr Ash')}, not Rua Ashton</p>\n"
    )
    inside = html("[by Rua Ash](https://a.example/)")
    assert "<mark>Rua Ash</mark>" in inside
    assert inside.count("<a ") == 1


def test_a_title_with_a_surname_is_marked_for_the_only_one_credited() -> None:
    known = {
        f"{first}-ash": {
            "minister_id": f"{first}-ash", "minister_name": f"{first} Ash", "sort_name": f"Ash, {first}",
            "has_page": True, "other_names": None,
        }
        for first in ("rua", "tui")
    }  # fmt: skip
    rua, tui = ({"minister_id": f"{first}-ash", "is_credited": True} for first in ("rua", "tui"))
    assert "Ms Ash" in names_of([rua], known)
    assert "Ms Ash" in names_of([rua, tui | {"is_credited": False}], known)
    assert "Ms Ash" not in names_of([rua, tui], known)


BODY = "First.\n\n“One,” Rua Ash said.\n\n“Two.”\n\nLast."


def passage(place: int, length: int, **values: object) -> dict[str, object]:
    given = {"minister_name": "Rua Ash", "method": "name", "confidence": "high", "is_direct": True}
    return given | {"passage_place": place, "passage_length": length} | values


def test_who_speaks_is_said_before_a_passage_and_its_paragraphs_are_set_off() -> None:
    text = render(BODY, [passage(BODY.index("“One") + 1, len("“One,” Rua Ash said.\n\n“Two.”"))], {}, {})
    assert str(text.html) == (
        '<p>First.</p>\n<p class="speaker">Rua Ash is quoted:</p>\n<p class="said">“One,” Rua Ash said.</p>\n'
        '<p class="said">“Two.”</p>\n<p>Last.</p>\n'
    )
    assert text.unplaced_count == 0


@pytest.mark.parametrize(
    ("body", "place", "length"), [(BODY, 500, 10), (BODY, 10, 500), (BODY, 10, 3), ("a\r\n\r\nb", 1, 1), ("", 1, 1)]
)
def test_a_passage_that_does_not_fit_is_counted_and_the_text_is_shown(body: str, place: int, length: int) -> None:
    text = render(body, [passage(place, length)], {}, {})
    assert text.unplaced_count == 1
    assert "said" not in str(text.html).replace("said.", "")


def test_a_doubtful_speaker_is_called_probable_with_the_reason() -> None:
    text = render("“One.”", [passage(1, 6, confidence="medium", method="pronoun", is_direct=False)], {}, {})
    assert "Rua Ash is reported, probably (the passage says he or she):" in str(text.html)


@pytest.mark.slow
@pytest.mark.parametrize("part", ["[", "![", "*a ", "**", "`", "> ", "- ", "[a](", "<", "_a_", "&", "|a\n", "# ", "\\"])
def test_no_shape_of_text_takes_long(part: str) -> None:
    start = time.process_time()
    render(part * 20_000, [], {"Rua Ash": ASH}, {})
    assert time.process_time() - start < 10
