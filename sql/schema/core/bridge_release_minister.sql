-- description: Who each release is credited to, one row per printed credit, and one for a release without any.
-- grain: release_id, position
-- references: release_id in core.fact_release
-- warning: Ministers and portfolios of a release are independent lists: never join the two bridges to each other.
-- column release_id: The release.
-- column position: Place in the front matter, from 1; 0 on the one row of a release that names nobody.
-- column minister_id: The person, or the reason why there is none.
-- column credited_as: As printed; NULL on the row of a release that names nobody.
-- column rule: How the string was resolved (see minister_alias); `not_stated` where there is none.
-- column is_out_of_government: True where the person served in no government that was in office around the day of
--     the release: the credit or the date is wrong. The views leave such credits out.
-- column share: This row's part of the release; the shares of a release sum to 1 over its people, and strings
--     that are no person, and people out of government, get 0 beside a person in office.
create table core.bridge_release_minister (
    release_id varchar not null,
    position integer not null,
    minister_id varchar not null references core.dim_minister (minister_id),
    credited_as varchar,
    rule varchar not null,
    is_out_of_government boolean not null,
    share double not null,
    check ((position = 0) = (minister_id = 'not-stated')),
    check ((position = 0) = (credited_as is null)),
    check (share between 0 and 1)
);
