-- description: The text of every release, with what is needed to read it alone.
-- grain: release_id
-- example: select title from release_texts where body ilike '%asylum system%'
-- column release_id: Joins to releases.
-- column title: As printed.
-- column published_date: As printed; NULL where undated.
-- column body: Markdown as read; empty where the site kept no text.
create or replace view main.release_texts as
select
    fact_release.release_id,
    fact_release.title,
    fact_release.published_date,
    release_text.body
from core.fact_release
inner join core.release_text using (release_id);
