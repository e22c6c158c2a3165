-- description: Log of the refreshes that had something to do; a refresh that finds nothing new leaves no row.
-- grain: run_id
-- column run_id: Id of the refresh: its start time in UTC, sortable as text.
-- column started_at: Time when the refresh started, UTC.
-- column finished_at: Time when the refresh ended, UTC; NULL while it runs, and if it was interrupted.
-- column outcome: State of the refresh: running, published, refused, failed, interrupted or dry_run.
-- column source_location: Address of the archive, without credentials.
-- column source_state: Commit of the archive, or a digest of the file list when the source is a directory.
-- column message: What the refresh did, or why it stopped.
-- column parsed_count: Number of files read in the refresh; the others were read by an earlier one.
-- column stage_seconds: Wall-clock seconds of each stage of the refresh.
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
