-- description: The text of each release, kept apart from core.fact_release so that scans of that table stay small.
-- grain: release_id
-- references: release_id in core.fact_release
-- column release_id: Id of the release; joins to releases and core.fact_release. No key is declared, because its index
--     would take 6 MB; a check proves the grain.
-- column body: Text of the release as markdown, without blank space at either end; empty if the site kept no text.
-- column cleaned_body: Text without faults of conversion: wrong decodings, invisible characters, converter comments,
--     image placeholders, entities and escapes. NULL if the only faults are no-break spaces and escapes; the view
--     release_texts has the cleaned text of every release.
create table core.release_text ( -- noqa: PRS
    release_id varchar not null,
    body varchar not null using compression 'zstd',
    cleaned_body varchar using compression 'zstd'
);
