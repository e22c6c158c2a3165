-- description: The governments that each person served in: those in the seed and, for people in the seed, every other
--     government under which at least ten releases credit them. That many cannot be mistakes of the site, which has
--     made at most two for one person: it is a term that the seed lacks.
-- scope: whole
create table work.term as
with governments as (
    select
        government_id,
        start_date::date as start_date,
        coalesce(end_date::date, 'infinity'::date) as end_date
    from seeds.governments
),

credited as (
    select
        current_release.release_id,
        dated.nz_date,
        unnest(current_release.ministers) as credited_as
    from work.current_release
    inner join work.dated using (release_id)
),

counted as (
    select
        decision.minister_id,
        governments.government_id,
        count(distinct credited.release_id) as release_count
    from credited
    inner join work.minister_decision as decision using (credited_as)
    inner join governments
        on credited.nz_date between governments.start_date and governments.end_date
    where decision.minister_id in (select terms.minister_id from seeds.terms)
    group by decision.minister_id, governments.government_id
),

known as (
    select
        minister_id,
        government_id,
        reason
    from seeds.terms

    union all

    select
        counted.minister_id,
        counted.government_id,
        'credited on ' || counted.release_count || ' releases of its days; in no seed' as reason
    from counted
    anti join seeds.terms using (minister_id, government_id)
    where counted.release_count >= 10
)

select
    known.minister_id,
    known.government_id,
    governments.start_date,
    governments.end_date,
    known.reason
from known
inner join governments using (government_id);
