-- description: Inferred holders of a portfolio after the last release that credits them or prints a title of theirs; a
--     minister may be silent in the last 60 days of a government, and in those of the archive.
-- severity: warn
with seen as (
    select
        bridge.minister_id,
        fact_release.government_id,
        fact_release.nz_date
    from core.bridge_release_minister as bridge
    inner join core.fact_release using (release_id)

    union all

    select
        printed_title.minister_id,
        fact_release.government_id,
        fact_release.nz_date
    from core.printed_title
    inner join core.fact_release using (release_id)
),

latest as (
    select max(fact_release.nz_date) as latest_date
    from core.fact_release
    cross join meta.build
    where fact_release.nz_date <= coalesce(build.source_committed_at::date + 1, 'infinity'::date)
),

lives as (
    select
        minister_id,
        government_id,
        max(nz_date) as last_seen_date
    from seen
    group by minister_id, government_id
)

select
    inferred_holder.portfolio_id,
    inferred_holder.minister_id,
    inferred_holder.end_date,
    lives.last_seen_date
from core.inferred_holder
inner join core.dim_government using (government_id)
cross join latest
left join lives using (minister_id, government_id)
where
    coalesce(inferred_holder.end_date > lives.last_seen_date, inferred_holder.end_date is not null)
    and coalesce(coalesce(dim_government.end_date, latest.latest_date) > lives.last_seen_date + 60, true)
