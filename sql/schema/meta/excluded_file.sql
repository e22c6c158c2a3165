-- description: Files of the archive that a named rule leaves out: they are no releases.
-- grain: path
-- column path: Path in the archive.
-- column blob: Git's hash of the content.
-- column content_type: The folder under the root; `(root)` for a file that stands in none.
-- column reason: Code of the rule (see meta.reason).
create table meta.excluded_file (
    path varchar primary key,
    blob varchar not null,
    content_type varchar not null,
    reason varchar not null references meta.reason (reason)
);
