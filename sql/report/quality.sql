-- title: What was counted, and what was not
-- description: Every file of the archive is loaded, quarantined (because it breaks a rule) or excluded by a named
--     rule. Doubtful data is listed, never silently corrected.
with counted as (
    select
        build_info.file_count,
        build_info.release_count,
        build_info.quarantined_count,
        build_info.excluded_count,
        build_info.name_to_review_count,
        (select count(*) from main.doubtful_dates) as doubtful_date_count,
        (select count(*) from main.doubtful_credits) as doubtful_credit_count,
        (select count(*) filter (releases.date_basis = 'utc_day') from main.releases) as utc_day_count,
        (select count(*) filter (releases.ministers is null) from main.releases) as uncredited_count
    from main.build_info
),

lines as (
    select
        1 as position,
        'Files in the archive' as what,
        counted.file_count as row_count,
        'source_files' as see_view
    from counted
    union all
    select
        2 as position,
        'Releases loaded' as what,
        counted.release_count as row_count,
        'releases' as see_view
    from counted
    union all
    select
        3 as position,
        'Files in quarantine' as what,
        counted.quarantined_count as row_count,
        'source_files' as see_view
    from counted
    union all
    select
        4 as position,
        'Files excluded by a named rule' as what,
        counted.excluded_count as row_count,
        'source_files' as see_view
    from counted
    union all
    select
        5 as position,
        'Printed names that await a decision' as what,
        counted.name_to_review_count as row_count,
        'names_to_review' as see_view
    from counted
    union all
    select
        6 as position,
        'Releases whose day is contradicted, recovered or unknown' as what,
        counted.doubtful_date_count as row_count,
        'doubtful_dates' as see_view
    from counted
    union all
    select
        7 as position,
        'Releases whose day is only known in UTC' as what,
        counted.utc_day_count as row_count,
        'releases_by_weekday' as see_view
    from counted
    union all
    select
        8 as position,
        'Credits of people who were not in office' as what,
        counted.doubtful_credit_count as row_count,
        'doubtful_credits' as see_view
    from counted
    union all
    select
        9 as position,
        'Releases that credit no minister' as what,
        counted.uncredited_count as row_count,
        'releases' as see_view
    from counted
)

select
    lines.what,
    lines.row_count,
    lines.see_view
from lines
order by lines.position
