-- description: What is known about the date of each release: the printed date and what kind of date it is, the best
--     known New Zealand date, the first and last day that it can be, and the day that its text states. The index of
--     publication times is preferred, then the day that the release itself states, if it settles a UTC date; a
--     recovered date is used only if none is printed. Where the text contradicts the printed date, the release can be
--     of either day. A text can be dated some days before its exact time of publication. A release keeps its number
--     from the build before; new ones are numbered by day.
-- scope: release
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
    from work.current_release
),

recovered as (
    select
        path,
        recovered_date::date as recovered_date
    from seeds.recovered_dates
),

known as (
    select
        printed.release_id,
        printed.published_date,
        printed.opening_date,
        exact_time.published_at,
        exact_time.site_url,
        case
            when exact_time.published_at is not null then 'exact'
            when stated_day.is_contradiction then 'disputed'
            when stated_day.stated_date is not null then 'stated'
            when printed.published_date is not null then coalesce(date_bases.date_basis, 'unknown')
            when recovered.recovered_date is not null then 'recovered'
            else 'unknown'
        end as date_basis,
        coalesce(
            exact_time.nz_date,
            if(stated_day.is_contradiction, null, stated_day.stated_date),
            printed.published_date,
            recovered.recovered_date
        ) as nz_date,
        stated_day.stated_date,
        stated_day.words as stated_words,
        printed.published_date + if(date_bases.date_basis = 'utc_day', 1, 0) as last_date
    from printed
    left join work.exact_time
        on printed.release_id = exact_time.release_id
    left join work.stated_day
        on printed.release_id = stated_day.release_id
    left join recovered
        on printed.path = recovered.path
    asof left join date_bases
        on printed.published_date >= date_bases.from_date
)

select
    known.* exclude (last_date), -- noqa: RF02
    if(known.date_basis = 'disputed', least(known.nz_date, known.stated_date), known.nz_date) as earliest_nz_date,
    case known.date_basis
        when 'utc_day' then known.last_date
        when 'disputed' then greatest(known.last_date, known.stated_date)
        else known.nz_date
    end as latest_nz_date,
    known.date_basis = 'disputed'
    or coalesce(known.date_basis = 'exact' and abs(known.stated_date - known.nz_date) > 3, false) as is_date_doubtful,
    coalesce(
        kept_number.search_number,
        (select coalesce(max(earlier.search_number), 0) from work.kept_number as earlier)
        + row_number() over (
            partition by kept_number.search_number is null
            order by known.nz_date nulls first, known.release_id
        )
    )::integer as search_number
from known
left join work.kept_number using (release_id);
