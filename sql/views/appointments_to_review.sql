-- description: Holders of portfolios whom releases show and the register of offices does not have: a new minister, or a
--     contradiction. Each is a proposal for seeds/appointments.csv; read the releases before you add a row.
-- grain: portfolio_id, minister_id, inferred_start_date
-- rechecked: Two inferred spells of a person may begin on one day in two governments.
-- warning: The days are those between releases; look for the day of appointment in a text.
-- example: select minister_name, portfolio_name, inferred_start_date from appointments_to_review limit 5
-- column portfolio_id: Id of the portfolio, such as `foreign-affairs`; joins to portfolios.
-- column portfolio_name: Display name of the portfolio, with macrons.
-- column minister_id: Id of the minister, such as `winston-peters`; joins to ministers.
-- column minister_name: Display name of the minister, without honorifics.
-- column inferred_start_date: Day on which the minister is inferred to have begun.
-- column inferred_end_date: Last day on which the minister is inferred to have held the portfolio; NULL while in
--     office.
-- column register_ministers: Whom the register has as the holder in this time, separated by '; '; NULL if nobody.
-- column confidence: How sure the inference is: high or medium.
-- column title_count: Number of releases that print the minister's title in this time; additive.
-- column first_title: Title that the earliest release of this time prints, such as `Health Minister`; NULL without any.
-- column first_release_id: Id of the earliest release of this time that prints the title; NULL without any.
-- column last_release_id: Id of the latest release of this time that prints the title; NULL without any.
create or replace view main.appointments_to_review as
with register as (
    select
        portfolio_id,
        minister_id,
        start_date,
        coalesce(end_date, 'infinity'::date) as end_date
    from core.tenure
    where method = 'register' and role in ('holder', 'acting')
),

titles as (
    select
        printed_title.portfolio_id,
        printed_title.minister_id,
        printed_title.release_id,
        printed_title.printed_form,
        fact_release.nz_date
    from core.printed_title
    inner join core.fact_release using (release_id)
    where printed_title.role = 'minister'
),

proposed as (
    select
        inferred_holder.portfolio_id,
        inferred_holder.minister_id,
        inferred_holder.start_date,
        inferred_holder.end_date,
        inferred_holder.first_date,
        inferred_holder.last_date,
        inferred_holder.confidence,
        string_agg(distinct dim_minister.minister_name, '; ' order by dim_minister.minister_name) as register_ministers
    from core.inferred_holder
    left join register
        on
            inferred_holder.portfolio_id = register.portfolio_id
            and inferred_holder.first_date <= register.end_date
            and inferred_holder.last_date >= register.start_date
    left join core.dim_minister
        on register.minister_id = dim_minister.minister_id
    where inferred_holder.confidence <> 'low'
    group by all
    having not coalesce(bool_or(inferred_holder.minister_id = register.minister_id), false)
)

select
    proposed.portfolio_id,
    dim_portfolio.portfolio_name,
    proposed.minister_id,
    dim_minister.minister_name,
    proposed.start_date as inferred_start_date,
    proposed.end_date as inferred_end_date,
    proposed.register_ministers,
    proposed.confidence,
    count(titles.release_id) as title_count,
    arg_min(titles.printed_form, (titles.nz_date, titles.release_id)) as first_title,
    arg_min(titles.release_id, (titles.nz_date, titles.release_id)) as first_release_id,
    arg_max(titles.release_id, (titles.nz_date, titles.release_id)) as last_release_id
from proposed
inner join core.dim_portfolio using (portfolio_id)
inner join core.dim_minister using (minister_id)
left join titles
    on
        proposed.portfolio_id = titles.portfolio_id
        and proposed.minister_id = titles.minister_id
        and titles.nz_date between proposed.first_date and proposed.last_date
group by all
order by proposed.start_date desc, proposed.portfolio_id;
