-- description: The text of each release, apart from the fact so that scans of the fact stay small.
-- grain: release_id
-- references: release_id in core.fact_release
-- column release_id: The release. No key is declared: it would cost 6 MB of index, and the grain is checked.
-- column body: Markdown as read, without the blank space around it; empty where the site kept no text.
-- column cleaned_body: The body without the faults of its keeping: wrong decodings, marks without width, converter
--     comments, image placeholders, entities, escapes. NULL where there is no more than
--     no-break spaces and escapes: the view release_texts has the cleaned text of every release.
create table core.release_text ( -- noqa: PRS
    release_id varchar not null,
    body varchar not null using compression 'zstd',
    cleaned_body varchar using compression 'zstd'
);
