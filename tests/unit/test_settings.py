"""Settings: which values are refused, and the one form in which paths are passed on."""

from pathlib import Path

import pytest

from flows.errors import Unusable
from flows.settings import Settings, read_settings, to_path

WRONG = {
    **dict.fromkeys(Settings.model_fields, ("", "  ")),
    "keep_builds": ("", "-1", "1.5", "nan"),
    "review_within_days": ("", "inf", "nan", "0", "-1", "1e300"),
    "stale_after_hours": ("", "inf", "nan", "0", "1e300"),
    "memory_limit": ("", "512", "0MB", "-1", "80%", "lots", "1e3MB", "320 MB RAM"),
    "workers": ("", "0", "1e6", "100000"),
    "notify_url": ("", "hooks.example.invalid", "file:///etc/passwd"),
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


def test_a_wrong_address_is_not_repeated_for_it_can_hold_a_password() -> None:
    with pytest.raises(Unusable) as raised:
        read_settings(notify_url="user:secret@hooks.example.invalid")
    assert "secret" not in str(raised.value)


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
