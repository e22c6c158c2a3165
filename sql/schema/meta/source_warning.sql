-- description: Things in the archive that were loaded but never seen before, and entries of the index of publication
--     times that cannot be used.
-- grain: path, kind, detail
-- column path: Path in the archive, a folder, or the file of the index.
-- column kind: unknown_key (in a front matter), unknown_folder or index_entry.
-- column detail: The key, the folder, or the entry and what is wrong with it.
create table meta.source_warning (
    path varchar not null,
    kind varchar not null,
    detail varchar not null,
    primary key (path, kind, detail),
    check (kind in ('unknown_key', 'unknown_folder', 'index_entry'))
);
