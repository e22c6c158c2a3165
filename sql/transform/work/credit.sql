-- description: Each printed credit with its decision and its share of the release; one row per release that
--     prints none. People share a release equally, each once however often printed; strings that are no person
--     get a share only where the release has no person at all.
create table work.credit as
with printed as (
    select
        current_release.release_id,
        unnest(current_release.ministers) as credited_as,
        generate_subscripts(current_release.ministers, 1) as position
    from staging.current_release
),

decided as (
    select
        printed.release_id,
        printed.position,
        decision.minister_id,
        printed.credited_as,
        decision.rule,
        decision.minister_id not in ('not-a-person', 'unresolved') as is_person
    from printed
    inner join work.minister_decision as decision using (credited_as)
),

counted as (
    select
        release_id,
        count(*) as credit_count,
        count(distinct minister_id) filter (where is_person) as person_count
    from decided
    group by release_id
)

select
    decided.release_id,
    decided.position,
    decided.minister_id,
    decided.credited_as,
    decided.rule,
    decided.is_person,
    case
        when counted.person_count = 0 then 1.0 / counted.credit_count
        when not decided.is_person then 0.0
        else 1.0 / counted.person_count / count(*) over (partition by decided.release_id, decided.minister_id)
    end as share
from decided
inner join counted using (release_id)

union all by name

select
    release_id,
    0 as position,
    'not-stated' as minister_id,
    null as credited_as,
    'not_stated' as rule,
    false as is_person,
    1.0 as share
from staging.current_release
where coalesce(len(ministers), 0) = 0;
