-- description: The log of refreshes that had something to do; a run that finds nothing new leaves no row.
-- grain: run_id
-- column run_id: Start time in UTC, readable and sortable.
-- column started_at: UTC.
-- column finished_at: UTC; NULL while it runs and for one that was interrupted.
-- column outcome: running, published, refused, failed, interrupted or dry_run.
-- column source_location: The archive, without credentials.
-- column source_state: Commit, or digest of a directory's listing.
-- column message: What it did, or why it stopped.
-- column parsed_count: Files read in this run.
-- column stage_seconds: Wall seconds by stage.
create table if not exists run (
    run_id varchar primary key,
    started_at timestamp not null,
    finished_at timestamp,
    outcome varchar not null,
    source_location varchar not null,
    source_state varchar,
    message varchar,
    parsed_count integer,
    stage_seconds map (varchar, double)
);
