-- description: Who is named in each release, one row per person, from the names in work.named.
-- scope: office
insert into core.mention by name
with people as (
    select
        release_id,
        minister_id,
        bool_or(method = 'full_name') as is_named_in_full,
        bool_or(method = 'alias') as is_named_otherwise,
        count(*) filter (where method <> 'surname' and coalesce(speech_method, 'name') = 'name') as mention_count,
        min(place) filter (where coalesce(speech_method, 'name') = 'name') + 1 as first_place,
        bool_or(passage_place is not null) as is_quoted,
        bool_or(regexp_matches(verb, '^(announce|welcome|launch)')) is true as is_announcing
    from work.named
    group by release_id, minister_id
    having mention_count > 0
),

credited as (
    select distinct
        credit.release_id,
        credit.minister_id,
        twin.twin_group_id
    from work.credit
    inner join work.twin using (release_id)
    where credit.is_counted
),

held as (
    select distinct
        people.release_id,
        people.minister_id
    from people
    inner join work.dated using (release_id)
    inner join work.in_office
        on
            people.minister_id = in_office.minister_id
            and dated.nz_date >= in_office.start_date
            and dated.nz_date <= in_office.end_date
),

twin_credits as (
    select distinct
        twin_group_id,
        minister_id
    from credited
)

select
    people.release_id,
    people.minister_id,
    case
        when people.is_named_in_full then 'full_name'
        when people.is_named_otherwise then 'alias'
        else 'title'
    end as method,
    people.mention_count,
    people.first_place,
    credited.release_id is not null as is_credited,
    credited.release_id is null and twin_credits.minister_id is not null as is_credited_on_twin,
    credited.release_id is not null or held.release_id is not null as is_in_office,
    people.is_quoted,
    people.is_announcing
from people
inner join work.twin
    on people.release_id = twin.release_id
left join credited
    on people.release_id = credited.release_id and people.minister_id = credited.minister_id
left join twin_credits
    on twin.twin_group_id = twin_credits.twin_group_id and people.minister_id = twin_credits.minister_id
left join held
    on people.release_id = held.release_id and people.minister_id = held.minister_id
order by people.release_id, people.first_place;
