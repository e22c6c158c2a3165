-- description: The text of each release, apart from the fact so that scans of the fact stay small.
-- grain: release_id
-- references: release_id in core.fact_release
-- column release_id: The release.
-- column body: Markdown as read, without the blank space around it; empty where the site kept no text.
create table core.release_text ( -- noqa: PRS
    release_id varchar primary key,
    body varchar not null using compression 'zstd'
);
