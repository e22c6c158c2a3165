-- description: Every file of the state being loaded, whether it is a release or not.
-- grain: path
-- column path: Path of the file in the archive.
-- column blob: Git's hash of the file's content.
-- column size: Size of the file in bytes.
-- column content_type: Folder under the archive's root, such as `releases`; empty for a file outside all folders.
-- column exclusion: Name of the rule that excludes the file; NULL for a file that is read.
create table if not exists listing (
    path varchar not null,
    blob varchar not null,
    size bigint not null,
    content_type varchar not null,
    exclusion varchar
);
