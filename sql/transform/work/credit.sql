-- description: Each printed credit with its decision and its share of the release; one row for a release that prints
--     none. People share a release equally, and each counts once however often they are printed. Strings that are no
--     person, and people who were not in office, get a share only if the release has nobody else. A person is out of
--     government if no government they served in was in office on the day of the release, the day before or the day
--     after: printed dates are UTC dates since 2017, and a change of government takes effect within a day.
-- scope: credit
create table work.credit as
with printed as (
    select
        current_release.release_id,
        unnest(current_release.ministers) as credited_as,
        generate_subscripts(current_release.ministers, 1) as position
    from work.current_release
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

served as (
    select
        decided.release_id,
        decided.position,
        bool_or(
            term.start_date <= dated.nz_date + interval 1 day and term.end_date >= dated.nz_date - interval 1 day
        ) as is_in_government
    from decided
    inner join work.dated using (release_id)
    inner join work.term using (minister_id)
    where dated.nz_date is not null
    group by decided.release_id, decided.position
),

judged as (
    select
        decided.*,
        not coalesce(served.is_in_government, true) as is_out_of_government,
        decided.is_person and not is_out_of_government as is_counted
    from decided
    left join served using (release_id, position)
),

counted as (
    select
        release_id,
        count(*) as credit_count,
        count(distinct minister_id) filter (where is_counted) as person_count
    from judged
    group by release_id
)

select
    judged.release_id,
    judged.position,
    judged.minister_id,
    judged.credited_as,
    judged.rule,
    judged.is_person,
    judged.is_out_of_government,
    judged.is_counted,
    case
        when counted.person_count = 0 then 1.0 / counted.credit_count
        when not judged.is_counted then 0.0
        else 1.0 / counted.person_count / count(*) over (partition by judged.release_id, judged.minister_id)
    end as share
from judged
inner join counted using (release_id)

union all by name

select
    release_id,
    0 as position,
    'not-stated' as minister_id,
    null as credited_as,
    'not_stated' as rule,
    false as is_person,
    false as is_out_of_government,
    false as is_counted,
    1.0 as share
from work.current_release
where coalesce(len(ministers), 0) = 0;
