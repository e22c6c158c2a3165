-- description: The text of each release.
-- grain: release_id
-- example: select title from release_texts where cleaned_body ilike '%asylum system%'
-- column release_id: Id of the release; joins to releases.
-- column title: Title of the release, as printed.
-- column published_date: Date printed in the front matter; NULL if none is printed.
-- column cleaned_body: Text without faults of conversion (no-break spaces, wrong decodings, invisible characters,
--     converter comments, image placeholders, entities and escapes), for searching and counting; empty if the site kept
--     no text.
-- column body: Text of the release as markdown, without blank space at either end; empty if the site kept no text.
create or replace view main.release_texts as
select
    fact_release.release_id,
    fact_release.title,
    fact_release.published_date,
    coalesce(
        release_text.cleaned_body,
        regexp_replace(replace(release_text.body, chr(160), ' '), '\\([!-/:-@\[-`{-~])', '\1', 'g')
    ) as cleaned_body,
    release_text.body
from core.fact_release
inner join core.release_text using (release_id);
