-- description: Pairs of ministers who announce together, by government: credited with the same release, or with
--     releases of the same statement dated within three days of each other. Before 2009 a joint statement was published
--     once for each minister, with the same or a reworked text.
-- grain: minister_a_id, minister_b_id, government_id
-- example: select minister_a_name, minister_b_name, statement_count from co_announcements limit 10
-- metric pair_statement_count: sum(statement_count): Number of statements credited to both ministers of a pair; not
--     additive (a statement of three ministers has three pairs).
-- column minister_a_id: Id of the minister whose id sorts first of the two; joins to ministers.
-- column minister_a_name: Display name of the minister whose id sorts first of the two.
-- column minister_b_id: Id of the minister whose id sorts second of the two; joins to ministers.
-- column minister_b_name: Display name of the minister whose id sorts second of the two.
-- column government_id: Id of the government in office on the day, such as `fifth-labour`; `unknown` for undated
--     releases.
-- column government_name: Name of the government in office on the day, such as `Fifth Labour Government`; Unknown for
--     undated releases.
-- column statement_count: Number of statements credited to both ministers, on one release or on several releases of the
--     statement; not additive (a statement of three ministers has three pairs).
-- column release_count: Number of releases that credit both ministers; 0 if each of them is credited by releases of
--     their own, as before 2009; not additive.
-- column first_release_date: Earliest nz_date of the releases that the pair shares; NULL if all are undated.
-- column last_release_date: Latest nz_date of the releases that the pair shares; NULL if all are undated.
create or replace view main.co_announcements as
with credited as (
    select distinct
        bridge.release_id,
        bridge.minister_id,
        fact_release.statement_id,
        fact_release.government_id,
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
        minister_a.government_id,
        count(distinct minister_a.statement_id) as statement_count,
        count(*) filter (where minister_a.release_id = minister_b.release_id) as release_count,
        min(least(minister_a.nz_date, minister_b.nz_date)) as first_release_date,
        max(greatest(minister_a.nz_date, minister_b.nz_date)) as last_release_date
    from credited as minister_a
    inner join credited as minister_b
        on
            minister_a.statement_id = minister_b.statement_id
            and minister_a.minister_id < minister_b.minister_id
            and (
                minister_a.release_id = minister_b.release_id
                or abs(minister_a.nz_date - minister_b.nz_date) <= 3
            )
    group by minister_a.minister_id, minister_b.minister_id, minister_a.government_id
)

select
    pairs.minister_a_id,
    name_a.minister_name as minister_a_name,
    pairs.minister_b_id,
    name_b.minister_name as minister_b_name,
    pairs.government_id,
    dim_government.government_name,
    pairs.statement_count,
    pairs.release_count,
    pairs.first_release_date,
    pairs.last_release_date
from pairs
inner join core.dim_government using (government_id)
inner join core.dim_minister as name_a
    on pairs.minister_a_id = name_a.minister_id
inner join core.dim_minister as name_b
    on pairs.minister_b_id = name_b.minister_id
order by pairs.statement_count desc, pairs.minister_a_id, pairs.minister_b_id, pairs.government_id;
