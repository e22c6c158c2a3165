-- description: The register of offices, and the inferred holders of portfolios for the times on which the register says
--     nothing. A row of the register without a last day ends when the person was last seen in office, or when releases
--     show a successor, so that it needs no edit on the day of a change.
-- scope: whole
insert into core.tenure by name
with governments as (
    select
        government_id,
        start_date::date as start_date,
        end_date::date as end_date
    from seeds.governments
),

-- The person was last seen in any portfolio on this day; NULL if that was in the last weeks of the archive.
seen as (
    select
        government.government_id,
        office_sign.minister_id,
        if(government.last_date - max(office_sign.nz_date) <= 60, null, max(office_sign.nz_date)) as last_seen_date
    from work.office_sign
    inner join work.government
        on office_sign.nz_date between government.start_date and government.last_date
    group by government.government_id, office_sign.minister_id, government.last_date
),

registered as (
    select
        appointments.portfolio_id,
        appointments.minister_id,
        if(appointments.role = 'minister', 'holder', appointments.role) as role,
        governments.government_id,
        greatest(appointments.start_date::date, governments.start_date) as start_date,
        least(appointments.end_date::date, governments.end_date) as end_date,
        appointments.certainty,
        appointments.source
    from seeds.appointments
    inner join governments
        on
            appointments.start_date::date <= coalesce(governments.end_date, 'infinity'::date)
            and coalesce(appointments.end_date::date, 'infinity'::date) >= governments.start_date
),

shown as (
    select
        portfolio_id,
        government_id,
        minister_id,
        max(last_date) as last_date
    from core.inferred_holder
    group by portfolio_id, government_id, minister_id
),

successors as (
    select
        registered.portfolio_id,
        registered.minister_id,
        registered.start_date,
        min(later.start_date) as successor_date
    from registered
    left join shown using (portfolio_id, government_id, minister_id)
    inner join core.inferred_holder as later
        on
            registered.portfolio_id = later.portfolio_id
            and registered.government_id = later.government_id
            and registered.minister_id <> later.minister_id
            and later.first_date > greatest(registered.start_date, shown.last_date)
    where registered.role = 'holder' and registered.end_date is null and later.confidence <> 'low'
    group by registered.portfolio_id, registered.minister_id, registered.start_date
),

register as (
    select
        registered.* exclude (end_date),
        case
            when registered.end_date is not null then registered.end_date
            when successors.successor_date > registered.start_date then successors.successor_date - 1
            when seen.last_seen_date >= registered.start_date then seen.last_seen_date
        end as end_date
    from registered
    left join successors using (portfolio_id, minister_id, start_date)
    left join seen using (government_id, minister_id)
),

-- Sources that differ do so by days at the ends of a spell.
register_parts as (
    select
        register.*,
        parts.part,
        case register.certainty when 'disputed' then 15 else 0 end as disputed_days
    from register
    cross join (values ('first days'), ('middle'), ('last days')) as parts (part)
    where register.end_date is not null or parts.part <> 'last days'
),

register_periods as (
    select
        *,
        case part
            when 'first days' then start_date
            when 'middle' then start_date + disputed_days
            else greatest(end_date - disputed_days + 1, start_date + disputed_days)
        end as from_date,
        case part
            when 'first days' then least(start_date + disputed_days - 1, end_date)
            when 'middle' then end_date - disputed_days
            else end_date
        end as to_date,
        case part when 'middle' then 'high' else 'medium' end as confidence
    from register_parts
),

-- Where the register has a holder, the releases decide nothing.
limits as (
    select
        inferred_holder.portfolio_id,
        inferred_holder.government_id,
        inferred_holder.first_date,
        max(register.end_date) filter (register.end_date < inferred_holder.first_date) as before_date,
        min(register.start_date) filter (register.start_date > inferred_holder.last_date) as after_date,
        coalesce(bool_or(
            register.start_date <= inferred_holder.last_date
            and coalesce(register.end_date, 'infinity'::date) >= inferred_holder.first_date
        ), false) as is_registered
    from core.inferred_holder
    left join register
        on
            inferred_holder.portfolio_id = register.portfolio_id
            and (
                register.role = 'holder'
                or (register.role = 'acting' and inferred_holder.minister_id = register.minister_id)
            )
    group by inferred_holder.portfolio_id, inferred_holder.government_id, inferred_holder.first_date
),

inferred as (
    select
        inferred_holder.* exclude (start_date, end_date),
        greatest(inferred_holder.start_date, limits.before_date + 1) as start_date,
        least(inferred_holder.end_date, limits.after_date - 1) as end_date
    from core.inferred_holder
    inner join limits using (portfolio_id, government_id, first_date)
    where not limits.is_registered
),

-- Before the first release that shows the holder and after the last, the answer is less sure.
periods as (
    select
        inferred.*,
        case parts.part
            when 'before' then inferred.start_date
            when 'seen' then inferred.first_date
            else inferred.last_date + 1
        end as from_date,
        case parts.part
            when 'before' then inferred.first_date - 1
            when 'seen' then inferred.last_date
            else inferred.end_date
        end as to_date,
        case parts.part
            when 'before' then inferred.start_confidence
            when 'seen' then inferred.confidence
            else inferred.end_confidence
        end as part_confidence
    from inferred
    cross join (values ('before'), ('seen'), ('after')) as parts (part)
),

-- A role besides that of the holder ends when it has not been printed for long.
printed_roles as (
    select
        printed_title.portfolio_id,
        governments.government_id,
        printed_title.minister_id,
        printed_title.role,
        'titles' as method,
        dated.nz_date
    from core.printed_title
    inner join work.dated using (release_id)
    inner join governments
        on
            dated.nz_date >= governments.start_date
            and dated.nz_date <= coalesce(governments.end_date, 'infinity'::date)
    where printed_title.role not in ('minister', 'former')

    union

    select
        tag.portfolio_id,
        sole_credit.government_id,
        sole_credit.minister_id,
        tag.role,
        'tags' as method,
        sole_credit.nz_date
    from work.tag
    inner join work.sole_credit using (release_id)
    inner join core.dim_portfolio
        on tag.portfolio_id = dim_portfolio.portfolio_id
    where
        dim_portfolio.kind in ('portfolio', 'office', 'provisional')
        and tag.role in ('associate', 'acting', 'deputy', 'under-secretary', 'spokesperson')
),

role_gaps as (
    select
        *,
        coalesce(
            nz_date - lag(nz_date) over (
                partition by portfolio_id, government_id, minister_id, role order by nz_date
            ) > if(role = 'acting', 31, 400),
            true
        ) as is_first
    from printed_roles
),

role_numbers as (
    select
        *,
        count(*) filter (where is_first) over (
            partition by portfolio_id, government_id, minister_id, role order by nz_date
        ) as spell_number
    from role_gaps
),

roles as (
    select
        portfolio_id,
        government_id,
        minister_id,
        role,
        min(method) as method,
        min(nz_date) as start_date,
        max(nz_date) as end_date,
        if(count(distinct nz_date) >= 3, 'medium', 'low') as confidence
    from role_numbers
    group by portfolio_id, government_id, minister_id, role, spell_number
)

select
    portfolio_id,
    minister_id,
    role,
    government_id,
    start_date as spell_start_date,
    from_date as start_date,
    to_date as end_date,
    'register' as method,
    certainty,
    confidence,
    source
from register_periods
where from_date <= coalesce(to_date, 'infinity'::date)

union all by name

select
    portfolio_id,
    minister_id,
    'holder' as role,
    government_id,
    start_date as spell_start_date,
    from_date as start_date,
    to_date as end_date,
    case
        when title_count > 0 then 'titles'
        when sole_count > 0 then 'sole credits'
        else 'joint credits'
    end as method,
    part_confidence as confidence
from periods
where from_date <= coalesce(to_date, 'infinity'::date)

union all by name

select
    roles.portfolio_id,
    roles.minister_id,
    roles.role,
    roles.government_id,
    roles.start_date as spell_start_date,
    roles.start_date,
    roles.end_date,
    roles.method,
    roles.confidence
from roles
anti join register
    on
        roles.portfolio_id = register.portfolio_id
        and roles.minister_id = register.minister_id
        and roles.role = register.role
        and roles.start_date <= coalesce(register.end_date, 'infinity'::date)
        and roles.end_date >= register.start_date
order by all;
