"""Settings: which values are refused, and the one form in which paths are passed on."""

from pathlib import Path

import pytest

from flows.errors import Unusable
from flows.paths import to_path
from flows.settings import Settings, read_settings

WRONG = {
    **dict.fromkeys(Settings.model_fields, ("", "  ")),
    "keep_builds": ("", "-1", "1.5", "nan"),
    "review_within_days": ("", "inf", "nan", "0", "-1", "1e300"),
    "stale_after_hours": ("", "inf", "nan", "0", "1e300"),
    "memory_limit": ("", "512", "0MB", "-1", "80%", "lots", "1e3MB", "320 MB RAM"),
    "workers": ("", "0", "1e6", "100000"),
    "notify_url": ("", "hooks.example.invalid", "file:///etc/passwd"),
    "push_url": (
        "",
        "host/db",
        "mysql://host/db",
        "postgresql://u:a/b@host/db",
        "postgresql://u:50%@host/db",
        "postgresql://host/db?password=x",
    ),
    "push_schema": ("", "Beehive", "pg_beehive", "information_schema", "a b", "1a", "a" * 64),
    "warehouse": ("", "a?b", "a\\b", "~nobody-has-this-name/x", "\udcff"),
    "source": ("", " ", "~nobody-has-this-name/x", "a\udcffb"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_setting_is_named_before_anything_is_touched(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for value in WRONG[name]:
        for way in ("flag", "variable"):
            if way == "variable":
                monkeypatch.setenv(f"BEEHIVE_{name.upper()}", value)
            given = {name: value} if way == "flag" else {}
            with pytest.raises(Unusable, match=rf"The setting {name} \(BEEHIVE_{name.upper()}\) is wrong: .*"):
                read_settings(**given)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("notify_url", "user:secret@hooks.example.invalid"),
        ("push_url", "postgresql://user:secret/x@host/db"),
        ("push_url", "user:secret@host"),
    ],
)
def test_a_wrong_address_is_not_repeated_for_it_can_hold_a_password(name: str, address: str) -> None:
    with pytest.raises(Unusable) as raised:
        read_settings(**{name: address})
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("postgres://ann:se%2Fcret@host:5433/db?sslmode=require", "postgresql://host:5433/db, schema beehive"),
        ("postgresql:///db?host=/run/postgresql&user=ann", "postgresql:///db, schema beehive"),
        ("postgresql://ann@host", "postgresql://host, schema beehive"),
    ],
)
def test_an_address_is_shown_without_user_and_password(given: str, shown: str) -> None:
    assert read_settings(push_url=given).push_target == shown


@pytest.mark.parametrize(
    "given",
    ["w", "../w", "~/w", "a[b", "[a]", "a*b", "{a,b}", "a;b", "it's", "-x", "a b", "a%20b", "new\nline", "md:x", "s3:x",
     "http:", "file:x", "postgres:x", "sqlite:x", ":memory:", "a:b"],
)  # fmt: skip
def test_a_path_is_absolute_and_the_same_for_everybody(
    given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    expected = tmp_path / "home/w" if given == "~/w" else tmp_path / "here" / given
    assert read_settings(warehouse=given).warehouse == to_path(given) == expected


def test_a_source_in_the_home_folder_is_found_and_any_other_is_recorded_as_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert read_settings(source="~/archive", index="~/index").source == str(tmp_path / "archive")
    assert read_settings(index="~/index").index == str(tmp_path / "index")
    for location in ("archive", "../archive", "https://example.invalid/~user/a.git", "host:~/a.git"):
        assert read_settings(source=location).source == location
