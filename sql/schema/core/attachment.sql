-- description: Files attached to releases, as listed in the front matter.
-- grain: release_id, position
-- references: release_id in core.fact_release
-- column release_id: Id of the release; joins to releases and core.fact_release.
-- column position: Place of the attachment in the front matter, counted from 1.
-- column url: Address of the attached file, as printed; several releases can attach the same file.
-- column file_name: Last part of the file's URL, percent-decoded.
-- column file_type: Extension of the file in lower case, such as `pdf`; `none` if it has no extension.
create table core.attachment (
    release_id varchar not null,
    position integer not null,
    url varchar not null,
    file_name varchar not null,
    file_type varchar not null,
    primary key (release_id, position)
);
