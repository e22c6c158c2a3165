-- description: The governments of the seed, each with its last day: of the one in office, the last day of the archive.
-- scope: whole
create table work.government as
with latest as (
    select max(dated.nz_date) as nz_date
    from work.dated
    cross join work.build
    where dated.nz_date <= coalesce(build.source_committed_at::date + 1, 'infinity'::date)
)

select
    governments.government_id,
    governments.start_date::date as start_date,
    coalesce(governments.end_date::date, latest.nz_date) as last_date,
    governments.end_date is null as is_in_office
from seeds.governments
cross join latest;
