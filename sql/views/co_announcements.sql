-- description: Pairs of ministers who announce together: credited with the same release, or with twins of one text
--     within three days, as joint statements of before 2009 stand (the site held one minister per release).
-- grain: minister_a_id, minister_b_id
-- example: select minister_a_name, minister_b_name, statement_count from co_announcements limit 10
-- metric pair_statement_count: max(statement_count): Texts credited to both of a pair; not additive (a text of three
--     ministers holds three pairs).
-- column minister_a_id: The first of the two by id, so that each pair stands once.
-- column minister_a_name: Display name.
-- column minister_b_id: The second of the two by id.
-- column minister_b_name: Display name.
-- column statement_count: Texts credited to both, on one release or on twins of it; not additive (texts of three
--     ministers hold three pairs).
-- column release_count: Releases credited to both; 0 for a pair of before 2009 that shares twins only. Not additive.
-- column first_release_date: Earliest nz_date of those; NULL where none is dated.
-- column last_release_date: Latest nz_date of those; NULL where none is dated.
create or replace view main.co_announcements as
with credited as (
    select distinct
        bridge.release_id,
        bridge.minister_id,
        fact_release.twin_group_id,
        fact_release.nz_date
    from core.bridge_release_minister as bridge
    inner join core.fact_release using (release_id)
    inner join core.dim_minister using (minister_id)
    where dim_minister.is_person and not bridge.is_out_of_government
),

pairs as (
    select
        minister_a.minister_id as minister_a_id,
        minister_b.minister_id as minister_b_id,
        count(distinct minister_a.twin_group_id) as statement_count,
        count(*) filter (where minister_a.release_id = minister_b.release_id) as release_count,
        min(least(minister_a.nz_date, minister_b.nz_date)) as first_release_date,
        max(greatest(minister_a.nz_date, minister_b.nz_date)) as last_release_date
    from credited as minister_a
    inner join credited as minister_b
        on
            minister_a.twin_group_id = minister_b.twin_group_id
            and minister_a.minister_id < minister_b.minister_id
            and (
                minister_a.release_id = minister_b.release_id
                or abs(minister_a.nz_date - minister_b.nz_date) <= 3
            )
    group by minister_a.minister_id, minister_b.minister_id
)

select
    pairs.minister_a_id,
    name_a.minister_name as minister_a_name,
    pairs.minister_b_id,
    name_b.minister_name as minister_b_name,
    pairs.statement_count,
    pairs.release_count,
    pairs.first_release_date,
    pairs.last_release_date
from pairs
inner join core.dim_minister as name_a
    on pairs.minister_a_id = name_a.minister_id
inner join core.dim_minister as name_b
    on pairs.minister_b_id = name_b.minister_id
order by pairs.statement_count desc, pairs.minister_a_id, pairs.minister_b_id;
