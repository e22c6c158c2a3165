-- description: Governments from the seed, each with its parties and with the prime ministers whose time in office
--     overlaps it.
-- scope: whole
insert into core.dim_government by name
with government as (
    select
        governments.government_id,
        governments.government_name,
        governments.start_date::date as start_date,
        governments.end_date::date as end_date,
        governments.certainty,
        governments.reason
    from seeds.governments
),

prime_ministers as (
    select
        government.government_id,
        string_agg(people.minister_name, '; ' order by prime_ministers.start_date) as prime_ministers
    from government
    inner join seeds.appointments as prime_ministers
        on
            prime_ministers.portfolio_id = 'prime-minister'
            and prime_ministers.role = 'minister'
            and prime_ministers.start_date::date <= coalesce(government.end_date, 'infinity'::date)
            and coalesce(prime_ministers.end_date::date, 'infinity'::date) >= government.start_date
    inner join seeds.people using (minister_id)
    group by government.government_id
),

parts as (
    select
        government_parties.government_id,
        list_position(['lead', 'coalition', 'support', 'cooperation'], government_parties.kind) as rank,
        any_value(government_parties.kind) as kind,
        string_agg(
            parties.party_name
            || case government_parties.kind
                when 'lead' then ''
                else
                    ' ' || concat_ws(
                        '-',
                        nullif(left(government_parties.start_date, 4), left(government_parties.end_date, 4)),
                        coalesce(left(government_parties.end_date, 4), '')
                    )
            end,
            ', ' order by government_parties.start_date, parties.party_name
        ) as names
    from seeds.government_parties
    inner join seeds.parties using (party_id)
    group by government_parties.government_id, rank
),

parties as (
    select
        government_id,
        string_agg(case kind when 'lead' then names else kind || ': ' || names end, '; ' order by rank) as parties
    from parts
    group by government_id
)

select
    government.government_id,
    government.government_name,
    parties.parties,
    prime_ministers.prime_ministers,
    government.start_date,
    government.end_date,
    government.certainty,
    government.reason
from government
left join prime_ministers using (government_id)
left join parties using (government_id)

union all by name

select
    'unknown' as government_id,
    'Unknown' as government_name,
    'the date is unknown, or before the first government of the seed' as reason;
