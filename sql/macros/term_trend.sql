-- description: How many releases of each month have all words of a search, in the sense of releases_about, and their
--     share of all releases of the month. Months without any release in the archive have no row. read_as says what was
--     searched beside the words as asked, such as the nearest spelling; NULL if nothing.
-- grain: month_start_date
-- example: select month_start_date, release_count from term_trend('immigration') where release_count > 0
create or replace macro main.term_trend(question) as table (
    with about as materialized (
        select
            nz_date,
            read_as
        from main.releases_about(question)
        -- A year is a word here: the releases of 2020 would be a peak of Vision 2020.
        where missing_words is null and not contains(coalesce(read_as, ''), ' → date in ')
    ),

    found as (
        select
            date_trunc('month', nz_date)::date as month_start_date,
            count(*) as release_count
        from about
        group by all
    )

    select
        months.month_start_date,
        year(months.month_start_date)::integer as year,
        coalesce(found.release_count, 0) as release_count,
        coalesce(found.release_count, 0) / months.release_count as release_share,
        (select string_agg(distinct about.read_as, '; ' order by about.read_as) from about) as read_as
    from main.releases_by_month as months
    left join found using (month_start_date)
    where months.release_count > 0
    order by months.month_start_date
);
