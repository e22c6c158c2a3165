-- description: Titles printed beside the names in work.named. Each name of a portfolio is decided by the first of these
--     that finds one: the portfolio with this name, if it was in use on the day or is a tag of the release; the
--     portfolio in use whose name begins so; the one that lists it; the portfolios in use that it lists; the portfolio
--     with this name, though not in use. Of several that fit, the only one that is a tag of the release is taken, or
--     none.
-- scope: office
insert into core.printed_title by name
with tagged as (
    select distinct
        release_id,
        portfolio_id
    from work.tag
),

beside as (
    select
        release_id,
        minister_id,
        place,
        unnest(['before', 'after']) as side,
        unnest([title_before, title_after]) as printed
    from work.named
),

possible as (
    select
        beside.release_id,
        beside.minister_id,
        beside.place,
        beside.side,
        title_decision.name_number,
        title_decision.printed_form,
        title_decision.role,
        title_decision.portfolio_id,
        title_decision.match,
        dated.nz_date,
        tagged.release_id is not null as is_tagged,
        tagged.release_id is not null or in_use.portfolio_id is not null as is_in_use
    from beside
    inner join work.title_decision using (side, printed)
    inner join work.dated using (release_id)
    left join tagged
        on beside.release_id = tagged.release_id and title_decision.portfolio_id = tagged.portfolio_id
    left join work.portfolio_use as in_use
        on
            title_decision.portfolio_id = in_use.portfolio_id
            and dated.nz_date >= in_use.start_date
            and dated.nz_date <= in_use.end_date
),

ranked as (
    select
        *,
        case
            when match = 'name' and is_in_use then 1
            when match = 'short' and is_in_use then 2
            when match = 'listed' and is_in_use then 3
            when match = 'part' and is_in_use then 4
            when match = 'name' then 5
        end as rank
    from possible
),

best as (
    select
        *,
        count(*) over same_name as portfolio_count,
        count(*) filter (where is_tagged) over same_name as tagged_count
    from ranked
    where rank is not null
    window same_name as (partition by release_id, minister_id, place, side, name_number, rank)
    qualify rank = min(rank) over (partition by release_id, minister_id, place, side, name_number)
),

decided as (
    select *
    from best
    where rank = 4 or portfolio_count = 1 or (is_tagged and tagged_count = 1)
)

select
    decided.release_id,
    decided.minister_id,
    decided.portfolio_id,
    decided.role,
    arg_min(decided.printed_form, decided.place) as printed_form,
    min(decided.place) + 1 as first_place,
    count(*) as title_count
from decided
left join work.in_office
    on
        decided.minister_id = in_office.minister_id
        and decided.nz_date >= in_office.start_date
        and decided.nz_date <= in_office.end_date
where decided.role = 'former' or in_office.minister_id is not null
group by decided.release_id, decided.minister_id, decided.portfolio_id, decided.role
order by decided.release_id, decided.minister_id, decided.portfolio_id, decided.role;
