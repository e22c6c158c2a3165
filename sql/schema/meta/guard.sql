-- description: What the guards saw before this build was published: each compares the build with the one before, and
--     stops the refresh if too much has changed for the worse. Empty for a first build.
-- grain: guard_name, subject
-- column guard_name: Name of the guard: a file under sql/guards, and the word that `beehive refresh --allow` takes.
-- column subject: What was compared: a year, a seed, or the whole archive.
-- column seen_count: Number of releases or rows that are gone or have changed for the worse; negative if there are more
--     than before.
-- column base_count: Number of releases or rows of which these are a part.
-- column limit_count: Largest number that does not stop the refresh.
-- column is_passed: True if seen_count is not above limit_count.
-- column is_allowed: True if the operator let the guard pass once, with --allow.
-- column description: What may be wrong if the guard stops the refresh.
create table meta.guard (
    guard_name varchar not null,
    subject varchar not null,
    seen_count bigint not null,
    base_count bigint not null,
    limit_count bigint not null,
    is_passed boolean not null,
    is_allowed boolean not null,
    description varchar not null,
    primary key (guard_name, subject),
    check (is_passed = (seen_count <= limit_count))
);
