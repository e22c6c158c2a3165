-- description: Every minister's name as printed, the person it was resolved to, and the rule or seed row that decided
--     it.
-- grain: credited_as
-- column credited_as: Name of a minister, as printed in the front matter.
-- column minister_id: Id of the person, such as `winston-peters`, or the reason why there is none: `not-a-person` or
--     `unresolved`; joins to ministers and core.dim_minister.
-- column rule: Rule by which the name was resolved: as_printed, honorific, folded, alias, placeholder, address,
--     link_text, provisional or unresolved.
-- column reason: Why the name was resolved so, in words; for an alias or a placeholder, the reason given in the seed.
-- column release_count: Number of releases that print the name.
-- column first_release_date: Earliest printed date of the releases that print the name; NULL if all are undated.
-- column last_release_date: Latest printed date of the releases that print the name; NULL if all are undated.
create table core.minister_alias (
    credited_as varchar primary key,
    minister_id varchar not null references core.dim_minister (minister_id),
    rule varchar not null,
    reason varchar not null,
    release_count bigint not null,
    first_release_date date,
    last_release_date date
);
