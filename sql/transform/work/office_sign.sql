-- description: Signs that a person held a portfolio on a day, or was only an associate or acting: a title printed in a
--     text; without one, a release that a single minister made under the portfolio, or a joint release. A release with
--     several portfolios says less of each.
-- scope: office
create table work.office_sign as
with titles as (
    select
        release_id,
        minister_id,
        portfolio_id,
        case
            when bool_or(role = 'minister') then 'title'
            when bool_or(role = 'acting') then 'acting'
            when bool_or(role <> 'former') then 'associate'
        end as kind
    from core.printed_title
    group by release_id, minister_id, portfolio_id
),

tags as (
    select
        tag.release_id,
        tag.portfolio_id,
        1.0 / count(*) over (partition by tag.release_id) as weight
    from work.tag
    inner join core.dim_portfolio
        on tag.portfolio_id = dim_portfolio.portfolio_id
    where dim_portfolio.kind in ('portfolio', 'office', 'provisional') and tag.role = 'minister'
    group by tag.release_id, tag.portfolio_id
),

credits as (
    select distinct
        credit.release_id,
        credit.minister_id,
        sole_credit.release_id is not null as is_sole
    from work.credit
    left join work.sole_credit using (release_id, minister_id)
    where credit.is_counted
),

signs as (
    select
        release_id,
        portfolio_id,
        minister_id,
        kind,
        1.0 as weight
    from titles
    where kind is not null

    union all by name

    select
        credits.release_id,
        tags.portfolio_id,
        credits.minister_id,
        if(credits.is_sole, 'sole', 'joint') as kind,
        if(credits.is_sole, tags.weight, 1.0) as weight
    from credits
    inner join tags using (release_id)
    where
        (credits.release_id, credits.minister_id, tags.portfolio_id)
        not in (select (titles.release_id, titles.minister_id, titles.portfolio_id) from titles)
)

select
    signs.release_id,
    signs.portfolio_id,
    signs.minister_id,
    dated.nz_date,
    signs.kind,
    signs.weight::double as weight
from signs
inner join work.dated using (release_id)
where dated.nz_date is not null;
