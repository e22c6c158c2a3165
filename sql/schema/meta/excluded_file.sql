-- description: Files of the archive that a named rule excludes because they are not releases.
-- grain: path
-- column path: Path of the file in the archive.
-- column blob: Git's hash of the file's content.
-- column content_type: Folder under the archive's root, such as `releases`; `(root)` for a file outside all folders.
-- column reason: Code of the rule that excludes the file, explained in meta.reason.
create table meta.excluded_file (
    path varchar primary key,
    blob varchar not null,
    content_type varchar not null,
    reason varchar not null references meta.reason (reason)
);
