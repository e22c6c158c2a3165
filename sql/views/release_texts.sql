-- description: The text of every release, with what is needed to read it alone.
-- grain: release_id
-- example: select title from release_texts where cleaned_body ilike '%asylum system%'
-- column release_id: Joins to releases.
-- column title: As printed.
-- column published_date: As printed; NULL where undated.
-- column cleaned_body: The body without the faults of its keeping (no-break spaces, wrong decodings, marks without
--     width, converter comments, image placeholders, entities, escapes): the text to search and to count.
-- column body: Markdown as read; empty where the site kept no text.
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
