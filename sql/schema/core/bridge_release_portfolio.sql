-- description: What each release is tagged with, one row per printed tag, and one for a release without any.
-- grain: release_id, position
-- references: release_id in core.fact_release
-- warning: Ministers and portfolios of a release are independent lists: never join the two bridges to each other.
-- column release_id: The release.
-- column position: Place in the front matter, from 1; 0 on the one row of a release without a tag.
-- column portfolio_id: The portfolio, or the reason why there is none.
-- column tagged_as: As printed; NULL on the row of a release without a tag.
-- column role: minister, associate, acting, deputy, under-secretary, spokesperson, or none where there is no
--     portfolio. The site prints the role only until 1999; later an associate's release carries the plain portfolio.
-- column delegation: The part in brackets of a role, such as `Work and Income`; NULL where none is printed.
-- column rule: How the string was resolved (see portfolio_alias); `not_stated` where there is none.
-- column share: This row's part of the release; the shares of a release sum to 1 over its portfolios, and
--     strings that are no portfolio get 0 beside one.
create table core.bridge_release_portfolio (
    release_id varchar not null,
    position integer not null,
    portfolio_id varchar not null references core.dim_portfolio (portfolio_id),
    tagged_as varchar,
    role varchar not null,
    delegation varchar,
    rule varchar not null,
    share double not null,
    check (role in ('minister', 'associate', 'acting', 'deputy', 'under-secretary', 'spokesperson', 'none')),
    check ((position = 0) = (portfolio_id = 'not-stated')),
    check ((position = 0) = (tagged_as is null)),
    check (share between 0 and 1)
);
