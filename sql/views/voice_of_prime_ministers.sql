-- description: How many of the releases published while a prime minister was in office credit that prime minister.
-- grain: prime_minister_id
-- warning: A release that credits the prime minister together with others counts in full; share_of_voice divides joint
--     releases.
-- example: select prime_minister_name, own_release_share, releases_per_day from voice_of_prime_ministers
-- column prime_minister_id: Id of the prime minister, such as `helen-clark`; joins to ministers.
-- column prime_minister_name: Display name of the prime minister, without honorifics.
-- column first_date: Earliest nz_date of a release while the prime minister was in office.
-- column last_date: Latest nz_date of a release while the prime minister was in office.
-- column release_count: Number of releases while the prime minister was in office; additive.
-- column own_release_count: Number of releases that credit the prime minister while in office; additive.
-- column own_release_share: Share of the releases that credit the prime minister while in office, 0 to 1; not additive.
-- column day_count: Number of days in office that the archive covers, without months of which it has no release;
--     additive.
-- column releases_per_day: Releases per day covered by the archive (release_count divided by day_count); not additive.
create or replace view main.voice_of_prime_ministers as
with own as (
    select distinct
        bridge_release_minister.release_id,
        bridge_release_minister.minister_id
    from core.bridge_release_minister
    where not bridge_release_minister.is_out_of_government
),

covered as (
    select
        dim_date.prime_minister_id,
        count(*) as day_count
    from main.releases_by_day
    inner join core.dim_date using (calendar_date)
    where not releases_by_day.is_gap
    group by dim_date.prime_minister_id
)

select
    dim_date.prime_minister_id,
    dim_minister.minister_name as prime_minister_name,
    min(fact_release.nz_date) as first_date,
    max(fact_release.nz_date) as last_date,
    count(*) as release_count,
    count(own.release_id) as own_release_count,
    count(own.release_id) / count(*) as own_release_share,
    any_value(covered.day_count) as day_count,
    count(*) / any_value(covered.day_count) as releases_per_day
from core.fact_release
inner join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
inner join core.dim_minister
    on dim_date.prime_minister_id = dim_minister.minister_id
inner join covered
    on dim_date.prime_minister_id = covered.prime_minister_id
left join own
    on fact_release.release_id = own.release_id and dim_date.prime_minister_id = own.minister_id
where dim_minister.is_person
group by dim_date.prime_minister_id, dim_minister.minister_name
order by first_date;
