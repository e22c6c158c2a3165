-- description: People whom the texts of releases name, by the number of the release.
select
    fact_release.search_number,
    mention.minister_id,
    mention.method,
    mention.mention_count,
    mention.first_place,
    mention.is_credited,
    mention.is_in_office
from core.mention
inner join core.fact_release using (release_id)
order by fact_release.search_number, mention.first_place, mention.minister_id
