-- description: Who held which office when, and who was an associate or acted in it: from the register of offices where
--     it speaks, else inferred from releases.
-- grain: portfolio_id, minister_id, role, start_date
-- warning: start_date and end_date are the whole spell, as in who_held. Where the row is inferred or sources differ,
--     its first and last days are less sure: use sure_from_date and sure_to_date for what is known best, and who_held
--     for how sure any other day is.
-- example: select minister_name, portfolio_name, start_date, end_date from portfolio_holders limit 5
-- column portfolio_id: Id of the portfolio, such as `foreign-affairs`; joins to portfolios.
-- column portfolio_name: Display name of the portfolio, with macrons.
-- column minister_id: Id of the minister, such as `winston-peters`; joins to ministers.
-- column minister_name: Display name of the minister, without honorifics.
-- column role: Role of the person: holder, associate, acting, deputy, under-secretary or spokesperson.
-- column government_name: Name of the government in office at the time, such as `Fifth Labour Government`; a minister
--     who stayed on through a change of government has two rows.
-- column start_date: First day of the person in this role. In an inferred row it is the earliest likely day, before the
--     releases that show the person; use sure_from_date to leave guesses out.
-- column end_date: Last day of the person in this role; NULL while in office. In an inferred row it is the latest
--     likely day; use sure_to_date to leave guesses out.
-- column sure_from_date: First day of the surest days between start_date and end_date, of which confidence tells.
-- column sure_to_date: Last day of the surest days between start_date and end_date, of which confidence tells; NULL
--     while in office.
-- column method: How it is known: register (the register of offices), titles (printed in texts), sole credits (releases
--     by this minister alone), joint credits (joint releases) or tags (roles printed in tags until 1999).
-- column certainty: How sure the register is: two_sources, one_source, archive (read in releases) or disputed; NULL if
--     the row is inferred.
-- column confidence: How sure it is that the person held the office from sure_from_date to sure_to_date: high
--     (right in 99 of 100), medium (right in 9 of 10) or low. Other days of the spell are less sure; who_held has the
--     confidence of each day.
-- column first_attributed_date: Earliest nz_date of the releases that the person made in the portfolio in this time;
--     NULL without any.
-- column last_attributed_date: Latest nz_date of the releases that the person made in the portfolio in this time; NULL
--     without any.
-- column release_count: Number of releases that the person made in the portfolio in this time; additive.
-- column source: Sources of the register for this appointment, separated by '; '; NULL if the row is inferred.
create or replace view main.portfolio_holders as
with parts as (
    select
        *,
        coalesce(end_date, 'infinity'::date) as last_date,
        list_position(['high', 'medium', 'low'], confidence) as doubt
    from core.tenure
),

ranked as (
    select
        *,
        doubt = min(doubt) over (
            partition by portfolio_id, minister_id, role, government_id, spell_start_date
        ) as is_sure
    from parts
),

spells as (
    select
        portfolio_id,
        minister_id,
        role,
        government_id,
        spell_start_date as start_date,
        nullif(max(last_date), 'infinity'::date) as end_date,
        min(start_date) filter (where is_sure) as sure_from_date,
        nullif(max(last_date) filter (where is_sure), 'infinity'::date) as sure_to_date,
        any_value(method) as method,
        any_value(certainty) as certainty,
        any_value(confidence) filter (where is_sure) as confidence,
        any_value(source) as source
    from ranked
    group by portfolio_id, minister_id, role, government_id, spell_start_date
),

releases as (
    select
        attribution.portfolio_id,
        attribution.minister_id,
        fact_release.nz_date
    from core.attribution
    inner join core.fact_release using (release_id)
),

counted as (
    select
        spells.portfolio_id,
        spells.minister_id,
        spells.role,
        spells.start_date,
        min(releases.nz_date) as first_attributed_date,
        max(releases.nz_date) as last_attributed_date,
        count(*) as release_count
    from spells
    inner join releases
        on
            spells.portfolio_id = releases.portfolio_id
            and spells.minister_id = releases.minister_id
            and releases.nz_date >= spells.start_date
            and releases.nz_date <= coalesce(spells.end_date, 'infinity'::date)
    group by spells.portfolio_id, spells.minister_id, spells.role, spells.start_date
)

select
    spells.portfolio_id,
    dim_portfolio.portfolio_name,
    spells.minister_id,
    dim_minister.minister_name,
    spells.role,
    dim_government.government_name,
    spells.start_date,
    spells.end_date,
    spells.sure_from_date,
    spells.sure_to_date,
    spells.method,
    spells.certainty,
    spells.confidence,
    counted.first_attributed_date,
    counted.last_attributed_date,
    coalesce(counted.release_count, 0) as release_count,
    spells.source
from spells
inner join core.dim_portfolio using (portfolio_id)
inner join core.dim_minister using (minister_id)
inner join core.dim_government using (government_id)
left join counted
    on
        spells.portfolio_id = counted.portfolio_id
        and spells.minister_id = counted.minister_id
        and spells.role = counted.role
        and spells.start_date = counted.start_date
order by dim_portfolio.portfolio_name, spells.start_date, spells.minister_id, spells.role;
