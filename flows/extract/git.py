"""A git repository as the source, kept as a bare clone."""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

from flows.errors import Unreachable, Unusable
from flows.extract.address import ALLOWED_TRANSPORTS, SCHEME, SCP_LIKE, redact, split_credentials
from flows.extract.model import ArchiveFile, Commit, Content, EntryKind, FileChange, Snapshot, decode_path, groups

_ASK = (
    '!ask() { test "$1" = get && '
    'printf "username=%s\\npassword=%s\\n" "$BEEHIVE_GIT_USER" "$BEEHIVE_GIT_PASSWORD"; }; ask'
)
_LAST_SECOND = 253_402_214_400  # 9999-12-31
_REMOTE_HEAD = "refs/remote/HEAD"
_SAID_AT_ONCE = 1 << 18  # bytes
_READ_AT_ONCE = 256  # requests to `cat-file` before its answers are read: must fit the pipe between us


class GitSource:
    """A git repository, kept as a bare clone that is fetched incrementally and read without a work tree."""

    def __init__(self, location: str, clones: Path, ref: str | None = None) -> None:
        self.location = redact(location)
        self._credentials: dict[str, str] = {}
        if SCHEME.match(location):
            scheme, credentials, rest = split_credentials(location)
            user, _, password = credentials.partition(":")
            self._remote = self.location
            if user and scheme.lower() == "https://":  # git asks for both, and is told through its environment
                self._credentials = {"BEEHIVE_GIT_USER": unquote(user), "BEEHIVE_GIT_PASSWORD": unquote(password)}
            elif user:  # ssh has no use for a password
                self._remote = f"{scheme}{user}@{rest}"
        elif SCP_LIKE.match(location):
            self._remote = location
        else:
            self._remote = str(Path(location).expanduser().resolve())
        self._ref = ref
        name = re.sub(r"\W+", "-", Path(self.location.rstrip("/").rpartition("/")[2]).stem).strip("-") or "archive"
        digest = hashlib.sha256(self._remote.encode()).hexdigest()[:8]
        self._clone = clones / f"{name}-{digest}.git"

    def state(self) -> str:
        """The commit that the ref asked for (or HEAD) stands on, asked of the remote without fetching."""
        if self._ref and re.fullmatch(r"[0-9a-f]{40}", self._ref):
            return self._ref
        refs = self._remote_refs()
        if not refs:
            raise Unusable(f"The git repository {self.location} is empty: it has no commit to load.")
        if self._ref is None:
            candidates = ["HEAD", "refs/heads/main", "refs/heads/master"]
            branches = [name for name in refs if name.startswith("refs/heads/")]
            candidates += branches if len(branches) == 1 else []
        else:
            candidates = [
                self._ref,
                f"refs/heads/{self._ref}",
                f"refs/tags/{self._ref}^{{}}",
                f"refs/tags/{self._ref}",
            ]
        for name in candidates:
            if name in refs:
                return refs[name]
        if self._ref is None:
            raise Unusable(f"{self.location} has no HEAD, main or master: choose one with --ref of {sorted(refs)}.")
        self._fetch()
        found = self._git("rev-parse", "--verify", "--quiet", f"{self._ref}^{{commit}}", check=False)
        if not found:
            raise Unusable(f"{self.location} has no branch, tag or commit named {self._ref!r}: check --ref.")
        return found.decode().strip()

    def snapshot(self, state: str) -> Snapshot:
        """Fetches a commit, unless the clone already has it."""
        if not self._has(state):
            self._fetch()
        if not self._has(state):
            local = Path(self._remote.removeprefix("file://"))
            if (local / "shallow").exists() or (local / ".git" / "shallow").exists():
                raise Unusable(
                    f"{self.location} is a shallow clone, without the history a refresh needs: run "
                    "`git fetch --unshallow` there, or give the folder of releases itself."
                )
            raise Unusable(f"{self.location} does not hold the commit {state}: check --ref.")
        return Snapshot(
            kind="git",
            location=self.location,
            state=state,
            committed_at=_time(self._git("show", "--no-patch", "--format=%ct", state)),
        )

    def files(self, state: str) -> Iterator[ArchiveFile]:
        """Lists the tree of a commit."""
        for line in self._parts_of("ls-tree", "-r", "-z", "--long", "--full-tree", state):
            head, _, name = line.partition(b"\t")
            mode, kind, blob, size = head.decode().split()
            if kind == "blob" and not size.isdigit():
                raise Unusable(
                    f"{self._clone} lacks {decode_path(name)}: remove that folder and run again to fetch it anew."
                )
            entry: EntryKind = "submodule" if kind == "commit" else "symbolic_link" if mode == "120000" else "file"
            yield ArchiveFile(decode_path(name), blob, 0 if size == "-" else int(size), entry)

    def read(self, files: Iterable[ArchiveFile]) -> Iterator[Content]:
        """Yields contents by one `git cat-file --batch` process."""
        command = self._command("cat-file", "--batch")
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_git_env()) as git:
            assert git.stdin is not None and git.stdout is not None  # noqa: S101 (both are pipes)
            try:
                for group in groups(files, _READ_AT_ONCE):
                    with suppress(BrokenPipeError):  # git has ended: it has no answer, either
                        git.stdin.write(b"".join(f"{file.blob}\n".encode() for file in group))
                        git.stdin.flush()
                    for file in group:
                        header = git.stdout.readline().split()
                        if len(header) != 3 or header[1] != b"blob":  # noqa: PLR2004
                            raise Unusable(
                                f"{file.path} (blob {file.blob}) cannot be read from {self._clone}: "
                                "remove that folder and run again to fetch it anew."
                            )
                        content = git.stdout.read(int(header[2]))
                        git.stdout.read(1)
                        yield file.path, file.blob, content
            finally:
                with suppress(BrokenPipeError):  # what was asked and not read goes with it
                    git.stdin.close()
                git.stdout.close()
                git.wait()

    def history(self, state: str) -> Iterator[Commit | FileChange]:
        """Walks the log of the main line once; a merge counts as what it brought there."""
        tokens = self._parts_of(
            "log", "-m", "--first-parent", "--reverse", "--find-renames", "--raw", "-z", "--no-abbrev",
            "--format=%H %ct", state,
        )  # fmt: skip
        commit_number = 0
        latest = datetime.fromtimestamp(0, UTC)
        for token in tokens:
            head = token.strip(b"\n")
            if head.startswith(b":"):
                names = [next(tokens) for _ in range(2 if head.split()[4][:1] in b"RC" else 1)]
                if change := _file_change(commit_number, head.decode().split(), names):
                    yield change
            elif head:
                commit, _, seconds = head.partition(b" ")
                latest = max(latest, _time(seconds))
                commit_number += 1
                yield Commit(commit_number, commit.decode(), latest)

    def earlier(self, contents: Iterable[tuple[str, str]]) -> list[ArchiveFile]:
        """Asks for the sizes of earlier contents by one `git cat-file --batch-check` process."""
        wanted = list(contents)
        if not wanted:
            return []
        asked = "".join(f"{blob}\n" for _, blob in wanted).encode()
        answers = self._git("cat-file", "--batch-check=%(objecttype) %(objectsize)", stdin=asked).decode().splitlines()
        files = []
        for (path, blob), answer in zip(wanted, answers, strict=True):
            kind, _, size = answer.partition(" ")
            if kind != "blob":
                raise Unusable(
                    f"{self._clone} lacks the content {blob} of {path}: remove that folder and run again to fetch it "
                    "anew."
                )
            files.append(ArchiveFile(path, blob, int(size)))
        return files

    def is_ancestor(self, earlier: str, later: str) -> bool:
        """Tells whether one commit is in the history of another; False where the clone no longer knows one of them."""
        return all(map(self._knows, (earlier, later))) and self._succeeds("merge-base", "--is-ancestor", earlier, later)

    def _remote_refs(self) -> dict[str, str]:
        lines = self._git("ls-remote", "--", self._remote, in_clone=False).decode().splitlines()
        return {name: commit for commit, name in (line.split("\t", 1) for line in lines)}

    def _has(self, commit: str) -> bool:
        """A fetch that was cut short can leave a commit without its files: only what a ref holds is whole."""
        if not self._clone.exists():
            return False
        return bool(self._git("for-each-ref", "--count=1", "--contains", commit, check=False))

    def _fetch(self) -> None:
        if self._clone.exists() and not self._git("rev-parse", "--git-dir", check=False):
            shutil.rmtree(self._clone)  # a clone that is no repository any more holds nothing to keep
        self._make_clone()
        for left in (*self._clone.rglob("*.lock"), *self._clone.glob("objects/**/tmp_*")):
            left.unlink(missing_ok=True)  # of a git that was killed, or met a full disk: the warehouse is ours alone
        try:
            self._fetch_refs()
        except Unusable:
            if self._succeeds("fsck", "--no-dangling", "--no-progress"):
                raise
            shutil.rmtree(self._clone)  # a damaged clone is made anew
            self._make_clone()
            self._fetch_refs()

    def _make_clone(self) -> None:
        if self._clone.exists():
            return
        self._clone.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="new-", dir=self._clone.parent.resolve()) as aside:
            new = Path(aside, "new")
            self._git("init", "--bare", "--quiet", "--template=", str(new), in_clone=False)
            self._git("--git-dir", str(new), "symbolic-ref", "HEAD", _REMOTE_HEAD, in_clone=False)
            new.rename(self._clone)

    def _fetch_refs(self) -> None:
        quietly = ("fetch", "--quiet", "--force", "--no-tags", "--no-write-fetch-head", "--no-auto-gc")
        refs = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
        self._git(*quietly, "--prune", "--", self._remote, *refs)
        # A detached HEAD is on no branch; and HEAD shall mean here what it means there.
        if "HEAD" in self._remote_refs():
            self._git(*quietly, "--", self._remote, f"+HEAD:{_REMOTE_HEAD}")

    def _command(self, *words: str, in_clone: bool = True) -> list[str]:
        where = ["--git-dir", str(self._clone)] if in_clone else []
        return [
            "git", *where,
            "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false", "-c", "log.showRoot=true",
            "-c", "http.lowSpeedLimit=1000", "-c", "http.lowSpeedTime=60",
            # of a pack as large as the archive, windows of what is read are mapped, and not all of it
            "-c", "core.packedGitWindowSize=2m", "-c", "core.packedGitLimit=8m",
            "-c", "core.deltaBaseCacheLimit=8m",
            *(("-c", "credential.helper=", "-c", f"credential.helper={_ASK}") if self._credentials else ()),
            *words,
        ]  # fmt: skip

    def _knows(self, commit: str) -> bool:
        return self._succeeds("cat-file", "-e", f"{commit}^{{commit}}")

    def _succeeds(self, *words: str) -> bool:
        command = self._command(*words)
        done = subprocess.run(command, capture_output=True, env=_git_env(), stdin=subprocess.DEVNULL, check=False)
        return done.returncode == 0

    def _git(self, *words: str, in_clone: bool = True, check: bool = True, stdin: bytes = b"") -> bytes:
        command = self._command(*words, in_clone=in_clone)
        done = subprocess.run(
            command, capture_output=True, env={**_git_env(), **self._credentials}, input=stdin, check=False,
            cwd=None if in_clone else os.sep,  # a repository that this process stands in has no say
        )  # fmt: skip
        if done.returncode and check:
            raise self._unreachable(words[0], done.returncode, done.stderr)
        return done.stdout if not done.returncode else b""

    def _parts_of(self, *words: str) -> Iterator[bytes]:
        """The parts of what git says, which zero bytes divide; what it says of a large archive is not held whole."""
        rest = b""
        with (
            tempfile.TemporaryFile() as errors,
            subprocess.Popen(
                self._command(*words), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, env=_git_env()
            ) as git,
        ):
            assert git.stdout is not None  # noqa: S101 (it is a pipe)
            while piece := git.stdout.read(_SAID_AT_ONCE):
                *parts, rest = (rest + piece).split(b"\0")
                yield from parts
            if code := git.wait():
                errors.seek(0)
                raise self._unreachable(words[0], code, errors.read())
        if rest:
            yield rest

    def _unreachable(self, word: str, code: int, stderr: bytes) -> Unreachable:
        said = stderr.decode(errors="replace").replace(self._remote, self.location)
        lines = [line for line in said.splitlines() if line.strip()]
        reason = next((line for line in lines if line.startswith(("fatal:", "error:"))), " ".join(lines[-1:]))
        return Unreachable(
            f"git {word} of {self.location} failed: {reason or f'exit code {code}'}. "
            "Check the address, the network and the disk, then run again."
        )


def _git_env() -> Mapping[str, str]:
    """The caller's environment, without prompts, other transports or another repository's variables."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_") or key == "GIT_SSH_COMMAND"}
    kept.setdefault("GIT_SSH_COMMAND", "ssh -o BatchMode=yes")
    return kept | {
        "GIT_ALLOW_PROTOCOL": ":".join(ALLOWED_TRANSPORTS),
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C.UTF-8",
    }


def _file_change(commit_number: int, head: list[str], names: list[bytes]) -> FileChange | None:
    """A raw line of the log (modes, blobs, status) as a change of a file that can be a release; None for any other."""
    before_mode, after_mode, before, after, _ = head
    previous_path, path = decode_path(names[0]), decode_path(names[-1])
    was, is_now = _may_be_release(before_mode.lstrip(":"), previous_path), _may_be_release(after_mode, path)
    if was and is_now:
        change: Literal["edited", "renamed"] = "edited" if path == previous_path else "renamed"
        return FileChange(commit_number, change, path, after, previous_path, before)
    if is_now:
        return FileChange(commit_number, "added", path, after, None, None)
    if was:
        return FileChange(commit_number, "removed", previous_path, None, previous_path, before)
    return None


def _may_be_release(mode: str, path: str) -> bool:
    return mode.startswith("100") and ArchiveFile(path, "", 0).exclusion is None


def _time(seconds: bytes) -> datetime:
    """The time of a commit; a clock that cannot be has the first or the last time there is."""
    text = seconds.strip()
    return datetime.fromtimestamp(min(int(text), _LAST_SECOND) if text.isdigit() else 0, UTC)
