-- description: Acts and bills that texts name, one row for each title, whatever year is printed after it.
-- grain: law_title
-- rechecked: Laws of one title may differ in kind.
-- example: select law_title, release_count from laws where law_kind = 'act' order by release_count desc limit 5
-- column law_title: Title of the Act or bill without its year, in the spelling that most releases print.
-- column law_kind: act or bill, as the texts say.
-- column is_amendment: True if the title says that the Act or bill amends another one.
-- column law_years: Years printed after the title, earliest first, separated by '; ', without those that seem
--     misprints; NULL if none is ever printed. Several years are mostly different Acts of one title.
-- column release_count: Number of releases that name the Act or bill, every copy of a text counted; not additive over
--     titles.
-- column first_release_date: Earliest nz_date of the releases that name it; NULL if all are undated.
-- column last_release_date: Latest nz_date of the releases that name it; NULL if all are undated.
create or replace view main.laws as
select
    dim_law.law_title,
    dim_law.law_kind,
    dim_law.is_amendment,
    string_agg(distinct dim_law.law_year::varchar, '; ' order by dim_law.law_year::varchar)
    filter (where not dim_law.is_year_doubtful) as law_years,
    count(distinct release_law.search_number) as release_count,
    min(fact_release.nz_date) as first_release_date,
    max(fact_release.nz_date) as last_release_date
from core.release_law
inner join core.dim_law using (law_id)
inner join core.fact_release using (search_number)
group by dim_law.law_title, dim_law.law_kind, dim_law.is_amendment
order by release_count desc, dim_law.law_title;
