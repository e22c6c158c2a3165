-- description: Log of refreshes, as it is in the staging file while this build is made.
-- scope: whole
insert into meta.run by name
select
    run_id,
    started_at,
    finished_at,
    outcome,
    source_location,
    source_state,
    message,
    parsed_count
from staging.run
order by run_id;
