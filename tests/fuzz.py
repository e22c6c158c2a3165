"""A coverage-guided fuzz run of the reader and of the cleaning of texts; opt-in: python -m tests.fuzz --seconds 600.

Needs atheris, which is no requirement of this project. Each target runs in a process of its own and starts from the
sample. Python is instrumented (flows, frontmatter, yaml, ftfy); libyaml and the regular expressions are C and are
not, so that inside them the fuzzer sees no branches, only what comes out.
"""

import argparse
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from tempfile import gettempdir

MISSING = (
    "atheris is not installed: make an environment of its own for it (python3 -m venv DIR, then DIR/bin/python -m pip "
    "install atheris python-frontmatter pyyaml ftfy rensa) and run DIR/bin/python -m tests.fuzz here."
)
LONGEST = 16_384  # bytes of an input; what takes long only when it is longer is a case of test_parse_properties
SLOWEST = 20  # seconds for one input
WORDS = [
    "---\n", "title: ", "date: ", "url: https://", "ministers:\n  - ", "portfolios:\n", "attachments:\n", "0001-01-01",
    "&a ", "*a", "? ", "- ", "!!binary ", "!<", "|\n", ">-\n", "%YAML 1.1", r'"\x00"', r'"\ud800"', "[", "](", "<!--",
    "-->", "![Image removed.](", "&#xD800;", "&nbsp;", "â€", "\x81", "\ufeff", "\u2028", "\u0304", "31 November 2001\n",
]  # fmt: skip
STATISTIC = re.compile(r"stat::(\w+):\s+(\d+)")


def parse_target() -> Callable[[bytes], None]:
    """A release or a known reason, the same twice, and text that a database can hold."""
    from dataclasses import asdict

    from flows.parse.release import Rejection, Release, parse
    from flows.paths import SEEDS

    reasons = {line.partition(",")[0] for line in (SEEDS / "reasons.csv").read_text(encoding="utf-8").splitlines()}

    def once(content: bytes) -> None:
        found = parse("releases/x.md", "blob", content)
        assert isinstance(found, Release | Rejection)
        assert found == parse("releases/x.md", "blob", content)
        if isinstance(found, Rejection):
            assert found.reason in reasons, found.reason
            assert found.message
        json.dumps(asdict(found), default=str, ensure_ascii=False).encode()

    return once


def clean_target() -> Callable[[bytes], None]:
    """Whatever the text, each function gives an answer that can be stored."""
    from flows.parse import facts, text
    from flows.parse.counting import Counting

    def once(content: bytes) -> None:
        body = content.decode(errors="replace")
        cleaned = text.clean(body)
        cleaned.encode()
        text.clean_simply(body).encode()
        text.find_opening_date(body)
        words = text.keep_words(cleaned)
        text.make_text_key(words)
        counting = Counting()
        counting.add("", words, facts.split_addresses(cleaned)[1])
        counting.columns()

    return once


TARGETS: dict[str, Callable[[], Callable[[bytes], None]]] = {"parse": parse_target, "clean": clean_target}


def fuzz(name: str, folder: Path, seconds: int) -> None:
    """Runs one target in this process; libFuzzer ends it."""
    import atheris

    with atheris.instrument_imports(include=["flows", "frontmatter", "yaml", "ftfy"]):
        once = TARGETS[name]()
    options = [f"-max_total_time={seconds}", f"-timeout={SLOWEST}", f"-max_len={LONGEST}", "-rss_limit_mb=2048",
               "-print_final_stats=1", f"-artifact_prefix={folder}/", f"-dict={folder}/words.dict"]  # fmt: skip
    atheris.Setup([sys.argv[0], *options, str(folder / "corpus")], once)
    atheris.Fuzz()


def prepare(folder: Path) -> None:
    """The sample as the first inputs, and the words of the format."""
    from flows.paths import SAMPLE

    (folder / "corpus").mkdir(parents=True, exist_ok=True)
    for path in SAMPLE.rglob("*.md"):
        (folder / "corpus" / path.name).write_bytes(path.read_bytes())
    lines = ["".join(f"\\x{byte:02x}" for byte in word.encode()) for word in WORDS]
    (folder / "words.dict").write_text("".join(f'"{line}"\n' for line in lines), encoding="utf-8")


def main() -> int:
    """Runs the targets one after the other and tells what each did."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=int, default=600, help="in all, shared equally by the targets")
    options.add_argument(
        "--folder", type=Path, default=Path(gettempdir()) / "beehive-fuzz", help="corpus and findings; kept"
    )
    options.add_argument("--target", choices=TARGETS, action="append", help="one target only")
    options.add_argument("--in-process", action="store_true", help=argparse.SUPPRESS)
    given = options.parse_args()
    if find_spec("atheris") is None:
        sys.stderr.write(MISSING + "\n")
        return 2
    names = given.target or list(TARGETS)
    if given.in_process:
        fuzz(names[0], given.folder, given.seconds)
    is_clean = True
    for name in names:
        folder = given.folder.resolve() / name
        prepare(folder)
        start, before = time.monotonic(), set(folder.iterdir())
        done = subprocess.run(
            [sys.executable, "-m", "tests.fuzz", "--in-process", "--target", name, "--folder", str(folder),
             "--seconds", str(max(1, given.seconds // len(names)))],
            capture_output=True, text=True, errors="replace", check=False,
        )  # fmt: skip
        (folder / "log.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
        found = sorted(path.name for path in set(folder.iterdir()) - before - {folder / "log.txt"})
        statistics = dict(STATISTIC.findall(done.stderr))
        is_clean &= done.returncode == 0 and not found
        executions = int(statistics.get("number_of_executed_units", 0))
        sys.stdout.write(
            f"{name}: {time.monotonic() - start:.0f} s, {executions:,} executions, "
            f"{len(list((folder / 'corpus').iterdir())):,} inputs in the corpus, exit code {done.returncode}, "
            f"found {', '.join(found) or 'nothing'}; log in {folder / 'log.txt'}\n"
        )
        if done.returncode:
            sys.stdout.write("\n".join(done.stderr.splitlines()[-25:]) + "\n")
    return 0 if is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
