-- description: Pairs of ministers credited with the same release.
-- grain: minister_a_id, minister_b_id
-- warning: Before 2009 the site held one minister per release, so joint statements of that time stand as twins,
--     one file per minister, and are not counted here.
-- column minister_a_id: The first of the two by id, so that each pair stands once.
-- column minister_a_name: Display name.
-- column minister_b_id: The second of the two by id.
-- column minister_b_name: Display name.
-- column release_count: Releases credited to both; not additive (releases of three ministers hold three pairs).
-- column first_release_date: Earliest printed date; NULL where none is dated.
-- column last_release_date: Latest printed date; NULL where none is dated.
create or replace view main.co_announcements as
with credited as (
    select distinct
        bridge.release_id,
        bridge.minister_id
    from core.bridge_release_minister as bridge
    inner join core.dim_minister using (minister_id)
    where dim_minister.is_person and not bridge.is_out_of_government
),

pairs as (
    select
        minister_a.minister_id as minister_a_id,
        minister_b.minister_id as minister_b_id,
        count(*) as release_count,
        min(fact_release.nz_date) as first_release_date,
        max(fact_release.nz_date) as last_release_date
    from credited as minister_a
    inner join credited as minister_b
        on minister_a.release_id = minister_b.release_id and minister_a.minister_id < minister_b.minister_id
    inner join core.fact_release
        on minister_a.release_id = fact_release.release_id
    group by minister_a.minister_id, minister_b.minister_id
)

select
    pairs.minister_a_id,
    name_a.minister_name as minister_a_name,
    pairs.minister_b_id,
    name_b.minister_name as minister_b_name,
    pairs.release_count,
    pairs.first_release_date,
    pairs.last_release_date
from pairs
inner join core.dim_minister as name_a
    on pairs.minister_a_id = name_a.minister_id
inner join core.dim_minister as name_b
    on pairs.minister_b_id = name_b.minister_id
order by pairs.release_count desc, pairs.minister_a_id, pairs.minister_b_id;
