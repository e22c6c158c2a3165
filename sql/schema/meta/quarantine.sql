-- description: Files that break a rule and are not loaded until they are corrected in the archive.
-- grain: path
-- column path: Path of the file in the archive.
-- column blob: Git's hash of the file's content.
-- column reason: Code of the rule that the file breaks, explained in meta.reason.
-- column message: What is wrong with the file, in words.
create table meta.quarantine (
    path varchar primary key,
    blob varchar not null,
    reason varchar not null references meta.reason (reason),
    message varchar not null
);
