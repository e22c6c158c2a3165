-- description: Names of ministers and portfolios: their own, those of the seeds, and those that releases print. A tag
--     that prints another role than minister, or a part of a portfolio, is no name of the portfolio.
-- scope: whole
insert into core.known_name by name
with members as (
    select
        'minister' as kind,
        minister_id as member_id,
        minister_name as full_name,
        string_split(sort_name, ',')[1] as surname,
        first_release_date,
        last_release_date
    from core.dim_minister
    where is_person

    union all by name

    select
        'portfolio' as kind,
        portfolio_id as member_id,
        portfolio_name as full_name,
        first_release_date,
        last_release_date
    from core.dim_portfolio
    where is_portfolio
),

other_names as (
    select
        'minister' as kind,
        minister_id as member_id,
        alias as name,
        3 as precedence
    from seeds.person_aliases

    union all by name

    select
        'minister' as kind,
        minister_id as member_id,
        credited_as as name,
        4 as precedence
    from core.minister_alias

    union all by name

    select
        'portfolio' as kind,
        portfolio_id as member_id,
        tagged_as as name,
        3 as precedence
    from seeds.portfolio_aliases

    union all by name

    select
        'portfolio' as kind,
        portfolio_id as member_id,
        tagged_as as name,
        4 as precedence
    from core.portfolio_alias
    where role = 'minister' and delegation is null
),

names as (
    select
        kind,
        member_id,
        unnest([member_id, full_name, surname]) as name,
        unnest([1, 2, 5]) as precedence
    from members

    union all by name

    select *
    from other_names
)

select
    members.kind,
    folded_name(names.name) as name_key,
    members.member_id,
    min(names.precedence) as precedence,
    any_value(members.full_name) as full_name,
    any_value(
        year(members.first_release_date)
        || coalesce('-' || nullif(year(members.last_release_date), year(members.first_release_date)), '')
    ) as years
from names
inner join members
    on names.kind = members.kind and names.member_id = members.member_id
where folded_name(names.name) <> ''
group by members.kind, name_key, members.member_id
order by members.kind, name_key, members.member_id;
