-- description: A minister leads a portfolio on a day if at least half of its releases in the 90 days before, or in the
--     90 days after, are theirs. The days on which a minister leads form one spell. It ends when the minister leads on
--     no day for 60 days while others lead with three releases or more, unless the gap is at most a year and a tenth
--     of the releases in it are the minister's, so that an associate who leads now and then does not end it. A shorter
--     spell inside a longer spell of somebody else is not that of a holder.
insert into core.tenure by name
with evidence as (
    select distinct
        sole_credit.release_id,
        sole_credit.minister_id,
        sole_credit.nz_date,
        sole_credit.government_id,
        sole_credit.government_start_date,
        sole_credit.government_end_date,
        tag.portfolio_id,
        tag.role
    from work.sole_credit
    inner join work.tag using (release_id)
    inner join core.dim_portfolio
        on tag.portfolio_id = dim_portfolio.portfolio_id
    where dim_portfolio.kind in ('portfolio', 'office', 'provisional')
),

votes as (
    select
        portfolio_id,
        government_id,
        minister_id,
        nz_date,
        count(*) as vote_count
    from evidence
    where role = 'minister'
    group by portfolio_id, government_id, minister_id, nz_date
),

windows as (
    select
        votes.portfolio_id,
        votes.government_id,
        votes.minister_id,
        votes.nz_date,
        votes.vote_count,
        sum(near.vote_count) filter (where near.nz_date <= votes.nz_date) as before_count,
        sum(near.vote_count) filter (where near.nz_date >= votes.nz_date) as behind_count,
        sum(near.vote_count) filter (
            where near.nz_date <= votes.nz_date and near.minister_id = votes.minister_id
        ) as own_before_count,
        sum(near.vote_count) filter (
            where near.nz_date >= votes.nz_date and near.minister_id = votes.minister_id
        ) as own_behind_count
    from votes
    inner join votes as near
        on
            votes.portfolio_id = near.portfolio_id
            and votes.government_id = near.government_id
            and near.nz_date >= votes.nz_date - 90
            and near.nz_date <= votes.nz_date + 90
    group by votes.portfolio_id, votes.government_id, votes.minister_id, votes.nz_date, votes.vote_count
),

-- Running counts up to each day, of all ministers and of this one: their differences count the days in between.
counted as (
    select
        portfolio_id,
        government_id,
        minister_id,
        nz_date,
        vote_count,
        own_before_count * 2 >= before_count or own_behind_count * 2 >= behind_count as is_leading,
        sum(vote_count) over (
            partition by portfolio_id, government_id order by nz_date
        ) as all_so_far,
        sum(vote_count) over (
            partition by portfolio_id, government_id, minister_id order by nz_date
        ) as own_so_far
    from windows
),

led as (
    select
        *,
        sum(vote_count) over (
            partition by portfolio_id, government_id order by nz_date
        ) as led_so_far
    from counted
    where is_leading
),

steps as (
    select
        *,
        nz_date - lag(nz_date) over own_days as silent_days,
        led_so_far - vote_count - lag(led_so_far) over own_days as led_by_others_count,
        own_so_far - vote_count - lag(own_so_far) over own_days as own_between_count,
        all_so_far - vote_count - lag(all_so_far) over own_days as all_between_count
    from led
    window own_days as (partition by portfolio_id, government_id, minister_id order by nz_date)
),

numbered as (
    select
        *,
        count(*) filter (
            where
            led_by_others_count >= 3
            and silent_days >= 60
            and not (silent_days <= 365 and own_between_count * 10 >= all_between_count)
        ) over (partition by portfolio_id, government_id, minister_id order by nz_date) as spell_number
    from steps
),

spells as (
    select
        portfolio_id,
        government_id,
        minister_id,
        min(nz_date) as first_date,
        max(nz_date) as last_date,
        sum(vote_count)::bigint as led_count,
        max(own_so_far) - min(own_so_far - vote_count) as own_count,
        max(all_so_far) - min(all_so_far - vote_count) as all_count
    from numbered
    group by portfolio_id, government_id, minister_id, spell_number
),

-- A holder has at least half of the releases of the spell. One or two releases suffice only if nobody led with more.
weighed as (
    select
        *,
        own_count * 2 >= all_count
        and (led_count >= 3 or max(led_count) over (partition by portfolio_id, government_id) < 3) as is_enough
    from spells
),

outer_spells as (
    select weighed.*
    from weighed
    where
        weighed.is_enough
        and not exists (
            select 1
            from weighed as longer
            where
                longer.portfolio_id = weighed.portfolio_id
                and longer.government_id = weighed.government_id
                and longer.minister_id <> weighed.minister_id
                and longer.first_date <= weighed.first_date
                and longer.last_date >= weighed.last_date
                and longer.led_count > weighed.led_count
        )
),

-- A holder begins when the previous one was last seen leading: until then they may have been an associate.
ordered as (
    select
        outer_spells.*,
        max(last_date) over (
            partition by portfolio_id, government_id
            order by first_date asc, last_date asc, minister_id asc
            rows between unbounded preceding and 1 preceding
        ) as before_last_date
    from outer_spells
),

latest as (
    select max(nz_date) as nz_date from work.dated
),

begun as (
    select
        ordered.*,
        governments.start_date::date as government_start_date,
        coalesce(governments.end_date::date, latest.nz_date) as government_last_date,
        governments.end_date is null as is_in_office,
        case
            when ordered.before_last_date is null and ordered.first_date - governments.start_date::date <= 120
                then governments.start_date::date
            when ordered.before_last_date > ordered.first_date
                then least(ordered.before_last_date, ordered.last_date)
            else ordered.first_date
        end as start_date
    from ordered
    inner join seeds.governments using (government_id)
    cross join latest
),

held as (
    select
        *,
        lead(start_date) over (
            partition by portfolio_id, government_id order by start_date asc, last_date asc, minister_id asc
        ) as next_start_date
    from begun
),

holders as (
    select
        portfolio_id,
        minister_id,
        'holder' as role,
        government_id,
        first_date,
        last_date,
        start_date,
        case
            when next_start_date is not null and next_start_date - last_date <= 400
                then greatest(next_start_date - 1, start_date)
            when next_start_date is null and government_last_date - last_date <= 400
                then case when not is_in_office then government_last_date end
            else greatest(last_date, start_date)
        end as end_date
    from held
),

roles as (
    select
        evidence.portfolio_id,
        evidence.minister_id,
        evidence.government_id,
        evidence.nz_date,
        case
            when evidence.role <> 'minister' then evidence.role
            when holders.portfolio_id is not null then 'holder'
            else 'other'
        end as role,
        holders.first_date as holder_first_date
    from evidence
    left join holders
        on
            evidence.portfolio_id = holders.portfolio_id
            and evidence.government_id = holders.government_id
            and evidence.minister_id = holders.minister_id
            and evidence.role = 'minister'
            and evidence.nz_date >= holders.first_date
            and evidence.nz_date <= holders.last_date
),

people as (
    select
        portfolio_id,
        minister_id,
        role,
        government_id,
        holder_first_date,
        min(nz_date) as first_date,
        max(nz_date) as last_date,
        count(*) as release_count
    from roles
    group by portfolio_id, minister_id, role, government_id, holder_first_date
),

shares as (
    select
        people.portfolio_id,
        people.minister_id,
        people.role,
        people.government_id,
        people.holder_first_date,
        people.first_date,
        people.last_date,
        people.release_count,
        round(people.release_count / count(*), 6) as release_share
    from people
    inner join roles
        on
            people.portfolio_id = roles.portfolio_id
            and people.government_id = roles.government_id
            and roles.nz_date >= people.first_date
            and roles.nz_date <= people.last_date
    group by
        people.portfolio_id, people.minister_id, people.role, people.government_id, people.holder_first_date,
        people.first_date, people.last_date, people.release_count
)

select
    shares.portfolio_id,
    shares.minister_id,
    shares.role,
    shares.government_id,
    shares.first_date as first_release_date,
    shares.last_date as last_release_date,
    holders.start_date,
    holders.end_date,
    shares.release_count,
    shares.release_share,
    case
        when shares.role = 'holder' and shares.release_count >= 10 and shares.release_share >= 0.6 then 'high'
        when shares.role = 'holder' and shares.release_count >= 3 and shares.release_share >= 0.5 then 'medium'
        else 'low'
    end as confidence
from shares
left join holders
    on
        shares.portfolio_id = holders.portfolio_id
        and shares.minister_id = holders.minister_id
        and shares.role = holders.role
        and shares.holder_first_date = holders.first_date
order by shares.portfolio_id, first_release_date, shares.minister_id, shares.role;
