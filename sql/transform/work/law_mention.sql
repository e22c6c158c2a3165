-- description: The Acts and bills that each text of this build names. If a text prints one year after a title, its
--     mentions of the title without a year count for that year, too.
-- scope: release, search_number
create table work.law_mention as
with printed as (
    select
        dated.search_number,
        entity_count.name as law_key,
        entity_count.printed,
        entity_count.year,
        entity_count.mention_count,
        count(entity_count.year) over of_title as year_count,
        min(entity_count.year) over of_title as only_year
    from staging.entity_count
    inner join work.current_release using (path, blob)
    inner join work.dated using (release_id)
    where entity_count.kind = 'law'
    window of_title as (partition by dated.search_number, entity_count.name)
)

select
    search_number,
    law_key,
    coalesce(year, case when year_count = 1 then only_year end) as law_year,
    concat_ws('-', law_key, law_year) as law_id,
    printed,
    sum(mention_count)::integer as mention_count
from printed
group by all;
