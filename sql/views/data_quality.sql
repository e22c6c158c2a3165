-- description: What is missing, wrong or in doubt: the number of rows for each kind of problem, and where to see them.
-- grain: kind
-- example: select kind, row_count, where_to_look from data_quality where row_count > 0
-- metric affected_count: max(row_count): Number of rows, files, names or releases with a kind of problem; not additive.
-- column kind: Kind of problem in words, or the name of a data check.
-- column severity: What the problem means: fail (the build is not published) or warn for a data check; note for
--     anything else.
-- column row_count: Number of rows, files, names or releases with the problem; not additive.
-- column where_to_look: View or table that lists the rows concerned, with a condition where one is needed.
create or replace view main.data_quality as
select
    check_name as kind,
    severity,
    failing_count as row_count,
    'meta.check_result' as where_to_look
from meta.check_result

union all by name

select
    'files set aside' as kind,
    'note' as severity,
    count(*) as row_count,
    'source_files where fate = ''quarantined''' as where_to_look
from meta.quarantine

union all by name

select
    'files excluded by a named rule' as kind,
    'note' as severity,
    count(*) as row_count,
    'source_files where fate = ''excluded''' as where_to_look
from meta.excluded_file

union all by name

select
    'printed names that await a decision' as kind,
    'note' as severity,
    count(*) as row_count,
    'names_to_review' as where_to_look
from meta.name_review

union all by name

select
    'credits of people who were not in office' as kind,
    'note' as severity,
    count(*) as row_count,
    'doubtful_credits' as where_to_look
from main.doubtful_credits

union all by name

select
    'releases whose day is in doubt' as kind,
    'note' as severity,
    count(*) as row_count,
    'doubtful_dates' as where_to_look
from main.doubtful_dates

union all by name

select
    'releases whose day is a UTC day' as kind,
    'note' as severity,
    count(*) as row_count,
    'releases where date_basis = ''utc_day''' as where_to_look
from core.fact_release
where date_basis = 'utc_day'

union all by name

select
    'months that may lack releases' as kind,
    'note' as severity,
    count(*) as row_count,
    'coverage_by_month where doubt is not null' as where_to_look
from main.coverage_by_month
where doubt is not null

union all by name

select
    'releases that credit nobody in office' as kind,
    'note' as severity,
    count(*) as row_count,
    'releases where minister_count = 0' as where_to_look
from core.fact_release
where minister_count = 0

union all by name

select
    'releases without a portfolio' as kind,
    'note' as severity,
    count(*) as row_count,
    'releases where portfolio_count = 0' as where_to_look
from core.fact_release
where portfolio_count = 0

union all by name

select
    'releases without a text' as kind,
    'note' as severity,
    count(*) as row_count,
    'releases where not has_body' as where_to_look
from core.fact_release
where not has_body

union all by name

select
    'releases that are copies of another text' as kind,
    'note' as severity,
    count(*) as row_count,
    'twins' as where_to_look
from core.fact_release
where not is_canonical;
