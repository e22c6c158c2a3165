-- description: The refreshes up to this build that had something to do, with how they ended.
-- grain: run_id
-- column run_id: Start time in UTC.
-- column started_at: UTC.
-- column finished_at: UTC; NULL for an interrupted run and for the run that made this build.
-- column outcome: published, refused, failed, interrupted, dry_run, or running for the run that made this build.
-- column source_location: The archive, without credentials.
-- column source_state: Commit, or digest of a directory's listing; NULL where it was never learnt.
-- column message: What it did, or why it stopped.
-- column parsed_count: Files read in the run; the rest came from the cache.
create table meta.run (
    run_id varchar primary key,
    started_at timestamp not null,
    finished_at timestamp,
    outcome varchar not null,
    source_location varchar not null,
    source_state varchar,
    message varchar,
    parsed_count integer
);
