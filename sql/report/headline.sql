-- title: In figures
-- description: Releases are files of the archive. Texts count the copies of a joint statement once; before 2009 such a
--     statement has one copy per minister.
select
    build_info.release_count,
    (select sum(releases_by_year.distinct_release_count)::bigint from main.releases_by_year) as dated_text_count,
    (select sum(releases_by_year.total_word_count)::bigint from main.releases_by_year) as word_count,
    (
        select count(*) from main.ministers
        where ministers.release_count > 0
    ) as minister_count,
    (
        select count(*) from main.portfolios
        where portfolios.release_count > 0
    ) as portfolio_count,
    (select min(releases_by_year.first_date) from main.releases_by_year) as first_date,
    (select max(releases_by_year.last_date) from main.releases_by_year) as last_date
from main.build_info
