-- description: Files that break a rule and are set aside until they are mended upstream.
-- grain: path
-- column path: Path in the archive.
-- column blob: Git's hash of the content.
-- column reason: Code of the rule (see meta.reason).
-- column message: What is wrong with this file.
create table meta.quarantine (
    path varchar primary key,
    blob varchar not null,
    reason varchar not null references meta.reason (reason),
    message varchar not null
);
