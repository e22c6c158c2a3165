-- description: Things in the archive that were loaded but never seen before.
-- grain: path, kind, detail
-- column path: Path in the archive, or a folder.
-- column kind: unknown_key (in a front matter) or unknown_folder.
-- column detail: The key or folder.
create table meta.source_warning (
    path varchar not null,
    kind varchar not null,
    detail varchar not null,
    primary key (path, kind, detail),
    check (kind in ('unknown_key', 'unknown_folder'))
);
