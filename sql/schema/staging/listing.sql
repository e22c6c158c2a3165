-- description: Every file of the state being loaded, releases or not.
-- grain: path
-- column path: Path in the archive.
-- column blob: Git's hash of the content.
-- column size: Bytes.
-- column content_type: The folder under the root; empty for a file at the root.
-- column exclusion: The named rule by which the file is no release; NULL for one that is read.
create table if not exists listing (
    path varchar not null,
    blob varchar not null,
    size bigint not null,
    content_type varchar not null,
    exclusion varchar
);
