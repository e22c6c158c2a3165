-- description: Front-matter keys and folders of the archive that were never seen before (their files are loaded),
--     texts that are like so many others that near_twins may lack some of their pairs, and entries of the index of
--     publication times that cannot be used.
-- grain: path, kind, detail
-- column path: Path of the file in the archive, the name of the folder, or the path of the file in the index.
-- column kind: Kind of warning: unknown_key (in a front matter), unknown_folder, similar_texts
--     or index_entry.
-- column detail: Name of the key or folder, number of similar texts, or the index entry and what is wrong with it.
create table meta.source_warning (
    path varchar not null,
    kind varchar not null,
    detail varchar not null,
    primary key (path, kind, detail),
    check (kind in ('unknown_key', 'unknown_folder', 'similar_texts', 'index_entry'))
);
