-- description: Days on which each person was in office, inferred from the releases that credit them: from 45 days
--     before the first to 45 days after the last of a series of credits without a gap of more than 400 days, limited
--     to the governments they served in if these are known. Fewer than three days of credits prove nothing; if a term
--     has no more, the whole term counts.
-- scope: whole
create table work.in_office as
with days as (
    select distinct
        credit.minister_id,
        dated.nz_date
    from work.credit
    inner join work.dated using (release_id)
    where credit.is_counted and dated.nz_date is not null
),

gaps as (
    select
        minister_id,
        nz_date,
        coalesce(
            nz_date - lag(nz_date) over (partition by minister_id order by nz_date) > 400, true
        ) as is_first
    from days
),

numbered as (
    select
        minister_id,
        nz_date,
        count(*) filter (where is_first) over (partition by minister_id order by nz_date) as spell_number
    from gaps
),

spells as (
    select
        minister_id,
        min(nz_date) - 45 as start_date,
        max(nz_date) + 45 as end_date
    from numbered
    group by minister_id, spell_number
    having count(*) >= 3
),

shown as (
    select
        spells.minister_id,
        greatest(spells.start_date, coalesce(term.start_date, spells.start_date)) as start_date,
        least(spells.end_date, coalesce(term.end_date, spells.end_date)) as end_date
    from spells
    left join work.term
        on
            spells.minister_id = term.minister_id
            and spells.start_date <= term.end_date
            and spells.end_date >= term.start_date
    where
        term.minister_id is not null
        or spells.minister_id not in (select served.minister_id from work.term as served)
)

select
    minister_id,
    start_date,
    end_date
from shown

union all

select
    minister_id,
    start_date,
    end_date
from work.term
where
    not exists (
        select 1
        from shown
        where
            shown.minister_id = term.minister_id
            and shown.start_date <= term.end_date
            and shown.end_date >= term.start_date
    );
