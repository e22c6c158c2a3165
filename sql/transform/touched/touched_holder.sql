-- description: Releases for which it can have changed who held one of their portfolios on their day, besides those of
--     work.touched_office.
create table work.touched_holder as
-- noqa: disable=AL10,LT11
with offices as (
    select
        portfolio_id,
        minister_id,
        role <> 'holder' as is_deputising,
        start_date,
        end_date
    from core.tenure
    where confidence <> 'low'
),

offices_before as (
    select
        portfolio_id,
        minister_id,
        role <> 'holder' as is_deputising,
        start_date,
        end_date
    from previous.core.tenure
    where confidence <> 'low'
),

moved as (
    select portfolio_id from (from offices except from offices_before)
    union
    select portfolio_id from (from offices_before except from offices)
),

tags as (
    select distinct
        tag.release_id,
        tag.portfolio_id,
        dated.nz_date
    from work.tag
    inner join moved using (portfolio_id)
    inner join work.dated using (release_id)
),

held as (
    select
        tags.release_id,
        tags.portfolio_id,
        offices.minister_id,
        offices.is_deputising
    from tags
    inner join offices
        on
            tags.portfolio_id = offices.portfolio_id
            and tags.nz_date >= offices.start_date
            and tags.nz_date <= coalesce(offices.end_date, 'infinity'::date)
),

held_before as (
    select
        tags.release_id,
        tags.portfolio_id,
        offices_before.minister_id,
        offices_before.is_deputising
    from tags
    inner join offices_before
        on
            tags.portfolio_id = offices_before.portfolio_id
            and tags.nz_date >= offices_before.start_date
            and tags.nz_date <= coalesce(offices_before.end_date, 'infinity'::date)
)

select release_id from work.touched_office
union
select release_id from (from held except from held_before)
union
select release_id from (from held_before except from held);
