-- description: People from the seed, provisional entries for names that no seed has, and one row for each reason why a
--     credit has no person. If a provisional name has several spellings, the one that sorts last is shown, which is
--     the one with macrons and lower-case letters.
-- scope: whole
insert into core.dim_minister by name
with members as (
    select * exclude (reason)
    from seeds.people

    union all by name

    select
        minister_id,
        max(provisional_name) as minister_name,
        regexp_replace(
            max(provisional_name), '^(.*?) ((?:(?:van|von|der|den|de|te|la|le|du|da) )*[^ ]+)$', '\2, \1', 'i'
        ) as sort_name,
        max(honorific) as honorific,
        'provisional' as kind
    from work.minister_decision
    where rule = 'provisional'
    group by minister_id

    union all by name

    select
        unnest(['not-stated', 'not-a-person', 'unresolved']) as minister_id,
        unnest(['(not stated)', '(not a person)', '(unresolved)']) as minister_name,
        minister_name as sort_name,
        'none' as kind
),

spans as (
    select
        credit.minister_id,
        min(dated.nz_date) as first_release_date,
        max(dated.nz_date) as last_release_date
    from work.credit
    inner join work.dated using (release_id)
    where dated.nz_date is not null and not credit.is_out_of_government
    group by credit.minister_id
)

select
    members.*, -- noqa: AM04
    members.kind <> 'none' as is_person,
    members.kind = 'provisional' as is_provisional,
    spans.first_release_date,
    spans.last_release_date
from members
left join spans using (minister_id)
order by members.minister_id;
