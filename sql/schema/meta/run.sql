-- description: Refreshes up to this build that had something to do, and how they ended.
-- grain: run_id
-- column run_id: Id of the refresh: its start time in UTC.
-- column started_at: Time when the refresh started, UTC.
-- column finished_at: Time when the refresh ended, UTC; NULL if it was interrupted, and for the refresh that made this
--     build.
-- column outcome: How the refresh ended: published, refused, failed, interrupted or dry_run; running for the refresh
--     that made this build.
-- column source_location: Address of the archive, without credentials.
-- column source_state: Commit of the archive, or a digest of the file list when the source is a directory; NULL if the
--     refresh ended before reading it.
-- column message: What the refresh did, or why it stopped.
-- column parsed_count: Number of files read in the refresh; the others were read by an earlier one.
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
