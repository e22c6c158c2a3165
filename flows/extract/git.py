"""A git repository as the source, kept as a bare clone."""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

from flows.errors import Unreachable, Unusable
from flows.extract import model
from flows.extract.address import ALLOWED_TRANSPORTS, SCHEME, SCP_LIKE, redact, split_credentials
from flows.extract.model import (
    ArchiveFile,
    Commit,
    Content,
    Difference,
    EntryKind,
    FileChange,
    Listed,
    Snapshot,
    chunked,
    decode_path,
)

_HELPER = (  # git runs it to ask for credentials
    '!answer() { test "$1" = get && '
    'printf "username=%s\\npassword=%s\\n" "$BEEHIVE_GIT_USER" "$BEEHIVE_GIT_PASSWORD"; }; answer'
)
_HINTS = {  # what to do, by words of git's own message
    "dubious ownership": "The repository belongs to another user, which git refuses: run "
    "`git config --global --add safe.directory FOLDER` with the folder it names, or run as its owner.",
    "prerequisite commits": "The bundle holds only a part of the history: make a whole one with "
    "`git bundle create FILE --all`.",
    "mismatched algorithms": "The repository names its objects by sha256, which this program does not read: give a "
    "repository that uses sha1, or the folder of its files.",
    "pack-objects died": "The repository lacks objects, as a partial clone does: give a whole clone "
    "(`git clone` without --filter), or repair it (`git fsck` there says what is missing).",
    "not a git repository": "There is no git repository at that place: check the address.",
}
_LAST_SECOND = 253_402_214_400  # 9999-12-31 as Unix time
_REMOTE_HEAD = "refs/remote/HEAD"
_RENAME_LIMIT = 1000  # files; the default of git 2.34 and later, so that every git finds the same renames
_OF_REMOTE = re.compile(r"GIT_(SSH|SSL_|PROXY_|HTTP_|ASKPASS|CONFIG_)")  # variables that reach a remote repository
_COMMON_ENV = {
    "GIT_ALLOW_PROTOCOL": ":".join(ALLOWED_TRANSPORTS),
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "LC_ALL": "C.UTF-8",
    "LANGUAGE": "",
}
_NO_CONFIGURATION = {
    **dict.fromkeys(("GIT_CONFIG_SYSTEM", "GIT_CONFIG_GLOBAL", "HOME", "XDG_CONFIG_HOME"), os.devnull),
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_DEFAULT_HASH": "sha1",
    "GIT_DEFAULT_REF_FORMAT": "files",
}
_CWD = os.sep  # of every git: the folder of the caller may be gone, or in a repository with settings of its own
_CHUNK_SIZE = 1 << 18  # bytes of git's output read at a time
_MAX_COMPARED = 10_000  # files or steps of the history; to list the whole state takes no more memory than these
_KINDS: dict[str, EntryKind] = {"120000": "symbolic_link", "160000": "submodule"}  # by git's mode; others are files
_GONE = "000000"  # the mode of a file that a state does not have
_BATCH_SIZE = 256  # requests written to `cat-file` before its answers are read; too many would fill the pipe and hang


class GitSource:
    """A git repository, kept as a bare clone that is fetched incrementally and read without a work tree."""

    def __init__(self, location: str, clones: Path, ref: str | None = None) -> None:
        self.location = redact(location)
        self._credentials: dict[str, str] = {}
        if SCHEME.match(location):
            scheme, credentials, rest = split_credentials(location)
            user, _, password = credentials.partition(":")
            self._remote = self.location
            if user and scheme == "https://":  # git's credential helper reads both from its environment
                self._credentials = {"BEEHIVE_GIT_USER": unquote(user), "BEEHIVE_GIT_PASSWORD": unquote(password)}
            elif user:  # ssh takes no password from an address
                self._remote = f"{scheme}{user}@{rest}"
        elif SCP_LIKE.match(location) and not Path(location).exists():
            self._remote = location
        else:
            self._remote = str(Path(location).expanduser().resolve())
        self._ref = ref
        name = re.sub(r"\W+", "-", Path(self.location.rstrip("/").rpartition("/")[2]).stem).strip("-") or "archive"
        digest = hashlib.sha256(self._remote.encode()).hexdigest()[:8]
        self._clone = clones.absolute() / f"{name}-{digest}.git"

    def state(self) -> str:
        """Return the commit that the ref (or HEAD) names; a branch or tag is looked up without fetching.

        First remove what a killed git left in the clone, in which no other git works.

        Raises:
            Unusable: the repository is empty, or does not have the ref.
            Unreachable: git failed.
        """
        for leftover in (*self._clone.rglob("*.lock"), *self._clone.glob("objects/**/tmp_*")):
            leftover.unlink(missing_ok=True)
        if self._ref and re.fullmatch(r"[0-9a-f]{40}", self._ref):
            if not self._is_fetched(self._ref):
                self._fetch()
            return self._commit_of(self._ref) or self._ref
        refs = self._remote_refs()
        if not refs:
            raise Unusable(f"The git repository {self.location} is empty: it has no commit to load.")
        if self._ref is None:
            candidates = ["HEAD", "refs/heads/main", "refs/heads/master"]
            branches = [name for name in refs if name.startswith("refs/heads/")]
            candidates += branches if len(branches) == 1 else []
        else:
            candidates = [
                f"{self._ref}^{{}}",  # the commit of an annotated tag that is named in full
                self._ref,
                f"refs/heads/{self._ref}",
                f"refs/tags/{self._ref}^{{}}",
                f"refs/tags/{self._ref}",
            ]
        for name in candidates:
            if name in refs:
                return refs[name]
        if self._ref is None:
            raise Unusable(f"{self.location} has no HEAD, main or master: choose with --ref one of {sorted(refs)}.")
        self._fetch()
        found = self._commit_of(self._ref)
        if not found:
            raise Unusable(f"{self.location} has no branch, tag or commit named {self._ref!r}: check --ref.")
        return found

    def snapshot(self, state: str) -> Snapshot:
        """Return the snapshot of a commit; fetch it unless the clone already has it."""
        if self._is_fetched(state) and not self._succeeds("rev-list", "--quiet", "--objects", state):
            shutil.rmtree(self._clone)  # damaged, as after a power cut
        if not self._is_fetched(state):
            self._fetch()
        if not self._is_fetched(state):
            local = Path(self._remote.removeprefix("file://"))
            if (local / "shallow").exists() or (local / ".git" / "shallow").exists():
                raise Unusable(
                    f"{self.location} is a shallow clone without the history that a refresh needs: run "
                    "`git fetch --unshallow` there, or give its folder of releases as the source."
                )
            raise Unusable(f"{self.location} does not hold the commit {state}: check --ref.")
        return Snapshot(
            kind="git",
            location=self.location,
            state=state,
            committed_at=_time(self._git("show", "--no-patch", "--format=%ct", state)),
        )

    def files(self, state: str) -> Iterator[ArchiveFile]:
        """Yield every entry in the tree of a commit."""
        for line in self._stream("ls-tree", "-r", "-z", "--long", "--full-tree", state):
            head, _, name = line.partition(b"\t")
            mode, kind, blob, size = head.decode().split()
            if kind == "blob" and not size.isdigit():
                raise self._incomplete(decode_path(name), blob)
            yield ArchiveFile(decode_path(name), blob, 0 if size == "-" else int(size), _KINDS.get(mode, "file"))

    def lister(self) -> str:
        """Return a digest of this code and of the version of git, which decides what is a renamed file."""
        code = b"".join(Path(file).read_bytes() for file in (__file__, model.__file__))
        return hashlib.sha256(code + self._git("version", in_clone=False)).hexdigest()[:12]

    def compare(self, earlier: Listed, state: str) -> Difference | None:
        """Return what changed since an earlier state on the main line of the history of this one.

        Return None if it is not on that line, as after a merge from another side, or if too much changed.
        """
        if not self._goes_on(earlier.state, state):
            return None
        raw = ("diff-tree", "-r", "-z", "--raw", "--no-renames", "--ignore-submodules=none")
        tokens = self._stream(*raw, earlier.state, state)
        entries = [
            (decode_path(next(tokens)), *head.decode().lstrip(":").split())
            for head in islice(tokens, _MAX_COMPARED + 1)
        ]
        steps = list(islice(self.history(state, earlier), _MAX_COMPARED + 1))
        if max(len(entries), len(steps)) > _MAX_COMPARED:
            return None
        present = [(path, mode, blob) for path, _, mode, _, blob, _ in entries if mode != _GONE]
        stored = self.find_earlier((path, blob) for path, mode, blob in present if _KINDS.get(mode) != "submodule")
        sizes = {file.path: file.size for file in stored}
        return Difference(
            gone=[path for path, before, *_ in entries if before != _GONE],
            files=[
                ArchiveFile(path, blob, sizes.get(path, 0), _KINDS.get(mode, "file")) for path, mode, blob in present
            ],
            steps=steps,
        )

    def read(self, files: Iterable[ArchiveFile]) -> Iterator[Content]:
        """Yield the contents of files, read through one `git cat-file --batch` process."""
        command = self._command("cat-file", "--batch")
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_env_of_clone(), cwd=_CWD
        ) as git:
            assert git.stdin is not None and git.stdout is not None  # noqa: S101 (both are pipes)
            try:
                for group in chunked(files, _BATCH_SIZE):
                    with suppress(BrokenPipeError):  # git has ended: its missing answer is reported below
                        git.stdin.write(b"".join(f"{file.blob}\n".encode() for file in group))
                        git.stdin.flush()
                    for file in group:
                        header = git.stdout.readline().split()
                        if len(header) != 3 or header[1] != b"blob":  # noqa: PLR2004
                            if not header and (code := git.wait()) < 0:
                                raise self._unreachable("cat-file", code, b"")
                            raise self._incomplete(file.path, file.blob)
                        data = git.stdout.read(int(header[2]))
                        git.stdout.read(1)
                        yield Content(file.path, file.blob, data)
            finally:
                with suppress(BrokenPipeError):  # git has ended with requests still in the pipe
                    git.stdin.close()
                git.stdout.close()
                git.wait()

    def history(self, state: str, after: Listed | None = None) -> Iterator[Commit | FileChange]:
        """Yield the commits of the first-parent history, oldest first, each followed by its changes.

        A merge is one commit that makes all the changes it brings in.

        Args:
            state: the last commit.
            after: a commit on this history; those up to it are left out.
        """
        tokens = self._stream(
            "log", "-m", "--first-parent", "--reverse", "--find-renames", "--raw", "-z", "--no-abbrev",
            "--format=%H %ct", f"{after.state}..{state}" if after else state,
        )  # fmt: skip
        commit_number = after.commit_count if after else 0
        latest = after.committed_at if after else datetime.fromtimestamp(0, UTC)
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

    def find_earlier(self, contents: Iterable[tuple[str, str]]) -> list[ArchiveFile]:
        """Return the files of earlier contents, with sizes from one `git cat-file --batch-check` process."""
        wanted = list(contents)
        if not wanted:
            return []
        blobs = "".join(f"{blob}\n" for _, blob in wanted).encode()
        answers = self._git("cat-file", "--batch-check=%(objecttype) %(objectsize)", stdin=blobs).decode().splitlines()
        files = []
        for (path, blob), answer in zip(wanted, answers, strict=True):
            kind, _, size = answer.partition(" ")
            if kind != "blob":
                raise self._incomplete(path, blob)
            files.append(ArchiveFile(path, blob, int(size)))
        return files

    def is_ancestor(self, earlier: str, later: str) -> bool:
        """Return whether one commit is in the history of another; False if the clone lacks one of them."""
        has_both = all(self._succeeds("cat-file", "-e", f"{commit}^{{commit}}") for commit in (earlier, later))
        return has_both and self._succeeds("merge-base", "--is-ancestor", earlier, later)

    def _goes_on(self, earlier: str, state: str) -> bool:
        """Return whether a state is an earlier one, or has it on its first-parent history."""
        if state == earlier:
            return True
        range_ = f"{earlier}..{state}"
        commits = self._git("rev-list", "--first-parent", "--parents", range_, check=False).decode().splitlines()
        return bool(commits) and commits[-1].split()[1:2] == [earlier]

    def _remote_refs(self) -> dict[str, str]:
        lines = self._git("ls-remote", "--", self._remote, in_clone=False, is_remote=True).decode().splitlines()
        return {name: commit for commit, name in (line.split("\t", 1) for line in lines)}

    def _commit_of(self, name: str) -> str:
        """Return the commit that a name in the clone means, of a tag the commit that it marks; empty for no commit."""
        found = self._git("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}", check=False)
        return found.decode().strip()

    def _is_fetched(self, commit: str) -> bool:
        """Return whether a ref contains the commit; without one, a fetch cut short may have left it incomplete."""
        if not self._clone.exists():
            return False
        return bool(self._git("for-each-ref", "--count=1", "--contains", commit, check=False))

    def _fetch(self) -> None:
        if self._clone.exists() and not self._succeeds("rev-parse", "--git-dir"):
            shutil.rmtree(self._clone)  # damaged beyond use
        self._make_clone()
        try:
            self._fetch_refs()
        except Unusable:
            # fsck also fails, with 8, if HEAD is no branch, as in every clone; or if a branch names what is missing.
            is_whole = self._exit_code("fsck", "--no-dangling", "--no-progress") in (0, 8)
            if is_whole and self._succeeds("rev-list", "--quiet", "--objects", "--all"):
                raise
            shutil.rmtree(self._clone)  # damaged: clone again
            self._make_clone()
            self._fetch_refs()

    def _make_clone(self) -> None:
        if self._clone.exists():
            return
        self._clone.parent.mkdir(parents=True, exist_ok=True)
        new = self._clone.with_suffix(".new")
        shutil.rmtree(new, ignore_errors=True)  # of a run that was killed here
        self._git("init", "--bare", "--quiet", "--template=", str(new), in_clone=False)
        self._git("--git-dir", str(new), "symbolic-ref", "HEAD", _REMOTE_HEAD, in_clone=False)
        new.rename(self._clone)

    def _fetch_refs(self) -> None:
        quietly = ("fetch", "--quiet", "--force", "--no-tags", "--no-write-fetch-head", "--no-auto-gc",
                   "--no-recurse-submodules")  # fmt: skip
        refs = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
        self._git(*quietly, "--prune", "--", self._remote, *refs, is_remote=True)
        # Fetch HEAD by itself: a detached HEAD is on no branch, and HEAD in the clone must mean the remote's HEAD.
        if "HEAD" in self._remote_refs():
            self._git(*quietly, "--", self._remote, f"+HEAD:{_REMOTE_HEAD}", is_remote=True)
        # Pack what many fetches left. Wait for it: in the background, git would still hold the clone's locks later.
        self._git("-c", "gc.autoDetach=false", "gc", "--auto", "--quiet", check=False)

    def _command(self, *words: str, in_clone: bool = True) -> list[str]:
        where = ["--git-dir", str(self._clone)] if in_clone else []
        return [
            "git", *where,
            # Without core.fsync, a power cut can leave a branch whose objects are empty.
            "-c", "core.fsync=all", "-c", "core.hooksPath=/dev/null", "-c", f"diff.renameLimit={_RENAME_LIMIT}",
            "-c", "http.lowSpeedLimit=1000", "-c", "http.lowSpeedTime=60",
            # Map small windows of a pack: by default git would map all of a pack as large as the archive.
            "-c", "core.packedGitWindowSize=2m", "-c", "core.packedGitLimit=8m",
            "-c", "core.deltaBaseCacheLimit=8m",
            *(("-c", "credential.helper=", "-c", f"credential.helper={_HELPER}") if self._credentials else ()),
            *words,
        ]  # fmt: skip

    def _succeeds(self, *words: str) -> bool:
        return not self._exit_code(*words)

    def _exit_code(self, *words: str) -> int:
        """Return the exit code of a git command in the clone.

        Raises:
            Unreachable: git was killed, which says nothing about the clone.
        """
        command = self._command(*words)
        done = subprocess.run(
            command, capture_output=True, env=_env_of_clone(), stdin=subprocess.DEVNULL, check=False, cwd=_CWD
        )
        if done.returncode < 0:
            raise self._unreachable(words[0], done.returncode, done.stderr)
        return done.returncode

    def _git(
        self, *words: str, in_clone: bool = True, is_remote: bool = False, check: bool = True, stdin: bytes = b""
    ) -> bytes:
        """Return git's output; git follows the user's configuration only if it talks to the remote repository."""
        command = self._command(*words, in_clone=in_clone)
        env = {**_env_of_remote(), **self._credentials} if is_remote else _env_of_clone()
        done = subprocess.run(command, capture_output=True, env=env, input=stdin, check=False, cwd=_CWD)
        if done.returncode < 0 or (done.returncode and check):
            raise self._unreachable(words[0], done.returncode, done.stderr)
        return done.stdout if not done.returncode else b""

    def _stream(self, *words: str) -> Iterator[bytes]:
        """Yield the parts of git's output, split at zero bytes, without holding all of it in memory."""
        rest = b""
        with (
            tempfile.TemporaryFile(dir=self._clone.parent) as errors,
            subprocess.Popen(
                self._command(*words),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=_env_of_clone(),
                cwd=_CWD,
            ) as git,
        ):
            assert git.stdout is not None  # noqa: S101 (it is a pipe)
            while chunk := git.stdout.read(_CHUNK_SIZE):
                *parts, rest = (rest + chunk).split(b"\0")
                yield from parts
            if code := git.wait():
                errors.seek(0)
                raise self._unreachable(words[0], code, errors.read())
        if rest:
            yield rest

    def _incomplete(self, path: str, blob: str) -> Unusable:
        return Unusable(
            f"The clone {self._clone} lacks {path} (blob {blob}): remove that folder, then run again to clone it again."
        )

    def _unreachable(self, word: str, code: int, stderr: bytes) -> Unreachable:
        """Return the error of a git that failed; a negative exit code is the number of the signal that killed it."""
        if code < 0:
            return Unreachable(
                f"git {word} of {self.location} was killed by signal {-code}, as happens when memory is short: close "
                "other programs, then run again. The clone is kept."
            )
        output = stderr.decode(errors="replace").replace(self._remote, self.location)
        lines = [line for line in output.splitlines() if line.strip()]
        reason = next((line for line in lines if line.startswith(("fatal:", "error:"))), " ".join(lines[-1:]))
        hint = next((hint for words, hint in _HINTS.items() if words in output), None)
        return Unreachable(
            f"git {word} of {self.location} failed: {reason.rstrip('.:') or f'exit code {code}'}. "
            + (hint or "Check the address, the network and the disk, then run again.")
        )


def _env_of_clone() -> dict[str, str]:
    """Return the environment of a git that works in the clone alone: no configuration changes what it lists.

    HOME is for git before 2.32, which does not know GIT_CONFIG_GLOBAL, and for the user's attributes.
    """
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    return kept | _COMMON_ENV | _NO_CONFIGURATION


def _env_of_remote() -> dict[str, str]:
    """Return the environment of a git that talks to the remote repository: it may need what the user configured.

    That is proxies, certificates, credential helpers, ssh, safe.directory and url.insteadOf. ssh asks no question,
    unless the user chose another command for it.
    """
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_") or _OF_REMOTE.match(key)}
    env = kept | _COMMON_ENV
    asked = ["git", "config", "--get", "core.sshCommand"]
    if (
        not {"GIT_SSH", "GIT_SSH_COMMAND"} & kept.keys()
        and subprocess.run(asked, capture_output=True, env=env, cwd=_CWD, check=False).returncode
    ):
        env["GIT_SSH_COMMAND"] = "ssh -o BatchMode=yes"
    return env


def _file_change(commit_number: int, head: list[str], names: list[bytes]) -> FileChange | None:
    """Return the change in a raw line of the log (modes, blobs, status), or None if no file in it can be a release."""
    previous_mode, mode, previous_blob, blob, _ = head
    previous_path, path = decode_path(names[0]), decode_path(names[-1])
    was_release, is_release = _may_be_release(previous_mode.lstrip(":"), previous_path), _may_be_release(mode, path)
    if was_release and is_release:
        change: Literal["edited", "renamed"] = "edited" if path == previous_path else "renamed"
        return FileChange(commit_number, change, path, blob, previous_path, previous_blob)
    if is_release:
        return FileChange(commit_number, "added", path, blob, None, None)
    if was_release:
        return FileChange(commit_number, "removed", previous_path, None, previous_path, previous_blob)
    return None


def _may_be_release(mode: str, path: str) -> bool:
    return mode.startswith("100") and ArchiveFile(path, "", 0).exclusion is None


def _time(seconds: bytes) -> datetime:
    """Return a commit's Unix time as UTC; an impossible time becomes 1970-01-01 or 9999-12-31."""
    text = seconds.strip()
    return datetime.fromtimestamp(min(int(text), _LAST_SECOND) if text.isdigit() else 0, UTC)
