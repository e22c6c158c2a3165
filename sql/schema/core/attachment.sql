-- description: Files attached to releases.
-- grain: release_id, position
-- references: release_id in core.fact_release
-- column release_id: The release.
-- column position: Place in the front matter, from 1.
-- column url: As printed.
-- column file_name: Last part of the URL, percent-decoded.
-- column file_type: Lower-case extension such as `pdf`; `none` where there is none.
create table core.attachment (
    release_id varchar not null,
    position integer not null,
    url varchar not null,
    file_name varchar not null,
    file_type varchar not null,
    primary key (release_id, position)
);
