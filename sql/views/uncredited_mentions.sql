-- description: How often releases name ministers in office without crediting them, per minister and calendar year of
--     nz_date; undated releases are left out. Before 2009 the site held one minister per release, so these numbers
--     include joint announcements.
-- grain: minister_id, year
-- warning: A minister who is named need not be announcing anything (see mentions); quoted_release_count is the safer
--     measure.
-- example: select minister_name, release_count from uncredited_mentions where year = 2003 order by release_count desc
-- column minister_id: Id of the minister, such as `winston-peters`; joins to ministers.
-- column minister_name: Display name of the minister, without honorifics.
-- column year: Calendar year of nz_date.
-- column release_count: Number of releases that name the minister without crediting them; additive over years, not over
--     ministers.
-- column distinct_release_count: Number of different texts that name the minister without crediting them: copies of a
--     joint statement count once; not additive.
-- column quoted_release_count: Number of releases that quote the minister without crediting them; additive over years,
--     not over ministers.
-- column twin_release_count: Number of releases that name the minister without crediting them while a twin with the
--     same text does; additive over years, not over ministers.
create or replace view main.uncredited_mentions as
select
    mention.minister_id,
    dim_minister.minister_name,
    year(fact_release.nz_date)::integer as year,
    count(*) as release_count,
    count(distinct fact_release.twin_group_id) as distinct_release_count,
    count(*) filter (where mention.is_quoted) as quoted_release_count,
    count(*) filter (where mention.is_credited_on_twin) as twin_release_count
from core.mention
inner join core.fact_release using (release_id)
inner join core.dim_minister using (minister_id)
where mention.is_in_office and not mention.is_credited and fact_release.nz_date is not null
group by mention.minister_id, dim_minister.minister_name, year(fact_release.nz_date)
order by mention.minister_id, year;
