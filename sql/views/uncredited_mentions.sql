-- description: Ministers in office whom releases name without crediting them, by year; undated releases are left out.
--     Until 2008 the site held one minister per release, so joint announcements hide here.
-- grain: minister_id, year
-- warning: Named is not announced, see mentions; quoted_release_count is the safer measure.
-- example: select minister_name, release_count from uncredited_mentions where year = 2003 order by release_count desc
-- column minister_id: Joins to ministers.
-- column minister_name: Display name.
-- column year: Calendar year of nz_date.
-- column release_count: Releases that name them and do not credit them; additive over years, not over ministers.
-- column distinct_release_count: Of those, each text once: copies of a joint statement count as one. Not additive:
--     the copies may stand on two rows.
-- column quoted_release_count: Of release_count, those that quote them; additive over years.
-- column twin_release_count: Of release_count, those with a twin that credits them; additive over years.
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
