-- description: Releases for which it can have changed who was in office on their day, or which portfolios were in use.
--     Besides those of work.touched_credit, they are those that name a person, or print a title, of whom or of which
--     that is so, and all that have the same text as one of them.
create table work.touched_office as
-- noqa: disable=AL10,LT09,LT11
with moved_people as (
    select minister_id from (from work.in_office except from before.in_office)
    union
    select minister_id from (from before.in_office except from work.in_office)
),

appearances as (
    select distinct
        named.release_id,
        named.minister_id,
        dated.nz_date
    from work.named
    inner join moved_people using (minister_id)
    inner join work.dated using (release_id)
),

other_people as (
    select appearances.release_id
    from appearances
    left join work.in_office
        on
            appearances.minister_id = in_office.minister_id
            and appearances.nz_date >= in_office.start_date
            and appearances.nz_date <= in_office.end_date
    left join before.in_office as office_before
        on
            appearances.minister_id = office_before.minister_id
            and appearances.nz_date >= office_before.start_date
            and appearances.nz_date <= office_before.end_date
    where (in_office.minister_id is null) <> (office_before.minister_id is null)
),

moved_portfolios as (
    select portfolio_id from (from work.portfolio_use except from before.portfolio_use)
    union
    select portfolio_id from (from before.portfolio_use except from work.portfolio_use)
),

titles as (
    select distinct
        title_decision.side,
        title_decision.printed,
        title_decision.portfolio_id
    from work.title_decision
    inner join moved_portfolios using (portfolio_id)
),

other_titles as (
    select side, printed from (from work.title_decision except from before.title_decision)
    union
    select side, printed from (from before.title_decision except from work.title_decision)
),

printed as (
    select
        release_id,
        unnest(['before', 'after']) as side,
        unnest([title_before, title_after]) as printed
    from work.named
    where title_before is not null or title_after is not null
),

uses as (
    select distinct
        printed.release_id,
        titles.portfolio_id,
        dated.nz_date
    from printed
    inner join titles using (side, printed)
    inner join work.dated using (release_id)
),

other_uses as (
    select uses.release_id
    from uses
    left join work.portfolio_use
        on
            uses.portfolio_id = portfolio_use.portfolio_id
            and uses.nz_date >= portfolio_use.start_date
            and uses.nz_date <= portfolio_use.end_date
    left join before.portfolio_use as use_before
        on
            uses.portfolio_id = use_before.portfolio_id
            and uses.nz_date >= use_before.start_date
            and uses.nz_date <= use_before.end_date
    where (portfolio_use.portfolio_id is null) <> (use_before.portfolio_id is null)
),

touched as (
    select release_id from work.touched_credit
    union
    select release_id from other_people
    union
    select release_id from other_uses
    union
    select printed.release_id
    from printed
    inner join other_titles using (side, printed)
),

groups as (
    select twin.twin_group_id
    from work.twin
    inner join touched using (release_id)
)

select release_id from touched
union
select twin.release_id
from work.twin
inner join groups using (twin_group_id);
