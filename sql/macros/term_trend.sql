-- description: How many releases of each month match a search (as in releases_about, with phrases and word*), and
--     their share of all releases of the month. Months without any release in the archive have no row.
-- grain: month_start_date
-- example: select month_start_date, release_count from term_trend('immigration') where release_count > 0
create or replace macro main.term_trend(question) as table (
    with found as (
        select
            date_trunc('month', about.nz_date)::date as month_start_date,
            count(*) as release_count
        from main.releases_about(question, most := null) as about
        group by all
    )

    select
        months.month_start_date,
        year(months.month_start_date)::integer as year,
        coalesce(found.release_count, 0) as release_count,
        coalesce(found.release_count, 0) / months.release_count as release_share
    from main.releases_by_month as months
    left join found using (month_start_date)
    where months.release_count > 0
    order by months.month_start_date
);
