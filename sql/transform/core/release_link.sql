-- description: Every link of the loaded releases. Addresses are compared by path: first as printed, then folded as in
--     work.address. If several releases have the address, the link leads to the latest of them that is not later than
--     the link; it leads to the release itself only if no other has the address.
-- scope: whole
insert into core.release_link by name
with kinds as (
    select
        link.*,
        dated.nz_date,
        dated.published_date
    from work.link
    inner join work.dated using (release_id)
),

paths as (
    select
        address.release_id,
        address.path,
        dated.nz_date
    from work.address
    inner join work.dated using (release_id)
    where not address.is_link
),

folded as (
    select distinct
        path,
        is_link,
        fold
    from work.address
),

folds as (
    select
        fold,
        count(*) as path_count,
        min(path) as path
    from folded
    where not is_link
    group by fold
),

-- Each address that is linked to, with the one path of the archive that it leads to, if there is just one.
leads as (
    select
        link_fold.path as target_path,
        same_path.path is not null as is_same,
        folds.path_count - is_same::integer as folded_count,
        case
            when is_same then link_fold.path
            when folded_count = 1 then folds.path
        end as path
    from folded as link_fold
    inner join folds
        on link_fold.fold = folds.fold
    left join folded as same_path
        on link_fold.path = same_path.path and not same_path.is_link
    where link_fold.is_link
),

asked as (
    select distinct
        kinds.release_id,
        kinds.nz_date,
        leads.path
    from kinds
    inner join leads using (target_path)
    where
        kinds.is_to_release
        and (kinds.link_kind <> 'number' or leads.is_same)
),

-- The releases of each path by day. A link leads to the last one until its own day or, failing that, to the last of
-- all; the one before is needed if that is the release that prints the link.
targets as (
    select
        path,
        release_id,
        nz_date,
        row_number() over by_day as place,
        count(*) over (partition by path) as place_count
    from paths
    where path in (select asked.path from asked)
    window by_day as (partition by path order by coalesce(nz_date, date '0001-01-01') asc, release_id asc)
),

days as (
    select
        path,
        nz_date,
        max(place) as place
    from targets
    where nz_date is not null
    group by path, nz_date
),

places as (
    select
        asked.release_id,
        asked.nz_date,
        asked.path,
        days.place
    from asked
    asof left join days
        on asked.path = days.path and asked.nz_date + 1 >= days.nz_date
),

candidate_places as (
    select distinct
        places.release_id,
        places.nz_date,
        places.path,
        unnest([places.place, places.place - 1, targets.place_count, targets.place_count - 1]) as place
    from places
    inner join targets
        on places.path = targets.path and targets.place = 1
),

best as (
    select
        candidate_places.release_id,
        candidate_places.path,
        arg_max(
            targets.release_id,
            (
                targets.release_id <> candidate_places.release_id,
                coalesce(targets.nz_date <= candidate_places.nz_date + 1, false),
                coalesce(targets.nz_date, date '0001-01-01'),
                targets.release_id
            )
        ) as target_release_id
    from candidate_places
    inner join targets using (path, place)
    group by candidate_places.release_id, candidate_places.path
),

resolved as (
    select
        kinds.*,
        leads.is_same or leads.folded_count = 1 as is_proven,
        leads.is_same,
        leads.folded_count,
        best.target_release_id as best_id
    from kinds
    left join leads
        on
            kinds.target_path = leads.target_path
            and kinds.is_to_release
            and (kinds.link_kind <> 'number' or leads.is_same)
    left join best
        on kinds.release_id = best.release_id and leads.path = best.path
)

select
    release_id,
    position,
    link_text,
    url,
    host,
    regexp_replace(host, '^www\.', '') as domain,
    link_kind,
    link_kind = 'outside' as is_outside,
    case when is_proven then best_id end as target_release_id,
    case
        when not is_proven or is_proven is null then null
        when link_kind = 'number' then 'number'
        when is_same then 'address'
        else 'folded_address'
    end as found_by,
    case
        when is_proven then null
        when not is_to_release then 'not_a_release'
        when folded_count > 1 then 'ambiguous'
        else 'not_in_archive'
    end as unresolved_reason
from resolved
order by published_date nulls first, release_id, position;
