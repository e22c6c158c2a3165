-- description: Every printed minister string and what it was resolved to, by which rule or seed row.
-- grain: credited_as
-- column credited_as: As printed.
-- column minister_id: The person, or the reason why there is none.
-- column rule: as_printed, honorific, folded, alias, placeholder, address, link_text, provisional or unresolved.
-- column reason: Why, in words; for an alias or placeholder the reason its seed row gives.
-- column release_count: Releases that print it.
-- column first_release_date: Earliest printed date of those; NULL where none is dated.
-- column last_release_date: Latest printed date of those; NULL where none is dated.
create table core.minister_alias (
    credited_as varchar primary key,
    minister_id varchar not null references core.dim_minister (minister_id),
    rule varchar not null,
    reason varchar not null,
    release_count bigint not null,
    first_release_date date,
    last_release_date date
);
