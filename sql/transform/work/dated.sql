-- description: What is known of the day of each release: as printed, what kind of day that is, the best New Zealand
--     day, and the day the text gives itself. A recovered date is used where none is printed.
create table work.dated as
with date_bases as (
    select
        from_date::date as from_date,
        date_basis
    from seeds.date_bases
),

printed as (
    select
        release_id,
        path,
        opening_date,
        if(is_undated, null, printed_date) as published_date
    from staging.current_release
),

recovered as (
    select
        path,
        recovered_date::date as recovered_date
    from seeds.recovered_dates
)

select
    printed.release_id,
    printed.published_date,
    case
        when printed.published_date is not null then coalesce(date_bases.date_basis, 'unknown')
        when recovered.recovered_date is not null then 'recovered'
        else 'unknown'
    end as date_basis,
    coalesce(printed.published_date, recovered.recovered_date) as nz_date,
    printed.opening_date,
    coalesce(abs(printed.opening_date - nz_date) > 3, false) as is_date_doubtful
from printed
left join recovered
    on printed.path = recovered.path
asof left join date_bases
    on printed.published_date >= date_bases.from_date;
