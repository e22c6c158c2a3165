-- description: Who each release is credited to: one row per printed credit, and one row for a release that prints
--     none.
-- grain: release_id, position
-- files: by year of release_id
-- references: release_id in core.fact_release
-- warning: The ministers and the portfolios of a release are independent lists: never join the two bridges to each
--     other.
-- column release_id: Id of the release; joins to releases and core.fact_release.
-- column position: Place of the credit in the front matter, counted from 1; 0 on the single row of a release that
--     credits nobody.
-- column minister_id: Id of the person, such as `winston-peters`, or the reason why there is none: `not-stated`,
--     `not-a-person` or `unresolved`; joins to ministers and core.dim_minister.
-- column party_id: Id of the person's party on the day of the release, such as `nz-first`; `unknown` if it is
--     not known or the release is undated, `nobody` if the credit has no person; joins to core.dim_party.
-- column credited_as: Name of a minister, as printed in the front matter; NULL on the single row of a release that
--     credits nobody.
-- column rule: Rule by which the printed name was resolved, as in core.minister_alias; `not_stated` on the single row
--     of a release that credits nobody.
-- column is_out_of_government: True if no government that the person served in was in office around the date of the
--     release, so that the credit or the date must be wrong. The views leave such credits out.
-- column share: Share of the release given to this credit, 0 to 1. The shares of a release sum to 1. A string that is
--     no person, or a person out of government, gets 0 next to a person in office.
create table core.bridge_release_minister (
    release_id varchar not null,
    position integer not null,
    minister_id varchar not null references core.dim_minister (minister_id),
    party_id varchar not null references core.dim_party (party_id),
    credited_as varchar,
    rule varchar not null,
    is_out_of_government boolean not null,
    share double not null,
    check ((position = 0) = (minister_id = 'not-stated')),
    check ((position = 0) = (credited_as is null)),
    check (share between 0 and 1)
);
