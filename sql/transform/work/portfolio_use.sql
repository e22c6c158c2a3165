-- description: Days on which each portfolio was in use under a government: from 60 days before the first to 60 days
--     after the last of a series of tags without a gap of more than 400 days, limited to the government. Two tags prove
--     nothing, because the site has relabelled old releases.
-- scope: whole
create table work.portfolio_use as
with days as (
    select distinct
        tag.portfolio_id,
        governments.government_id,
        governments.start_date::date as government_start_date,
        coalesce(governments.end_date::date, 'infinity'::date) as government_end_date,
        dated.nz_date,
        tag.release_id
    from work.tag
    inner join work.dated using (release_id)
    inner join seeds.governments
        on
            dated.nz_date >= governments.start_date::date
            and dated.nz_date <= coalesce(governments.end_date::date, 'infinity'::date)
    where tag.is_portfolio
),

gaps as (
    select
        *,
        coalesce(nz_date - lag(nz_date) over use_days > 400, true) as is_first
    from days
    window use_days as (partition by portfolio_id, government_id order by nz_date)
),

numbered as (
    select
        *,
        count(*) filter (where is_first) over (
            partition by portfolio_id, government_id order by nz_date
        ) as use_number
    from gaps
)

select
    portfolio_id,
    greatest(min(nz_date) - 60, min(government_start_date)) as start_date,
    least(max(nz_date) + 60, min(government_end_date)) as end_date
from numbered
group by portfolio_id, government_id, use_number
having count(*) >= 3;
