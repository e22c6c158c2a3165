-- description: What each release is tagged with: one row per printed tag, and one row for a release that prints none.
-- grain: release_id, position
-- files: by year of release_id
-- references: release_id in core.fact_release
-- warning: The ministers and the portfolios of a release are independent lists: never join the two bridges to each
--     other.
-- column release_id: Id of the release; joins to releases and core.fact_release.
-- column position: Place of the tag in the front matter, counted from 1; 0 on the single row of a release without
--     tags.
-- column portfolio_id: Id of the portfolio, such as `foreign-affairs`, or the reason why there is none: `not-stated`,
--     `not-a-portfolio` or `unresolved`; joins to portfolios and core.dim_portfolio.
-- column tagged_as: Portfolio tag, as printed in the front matter; NULL on the single row of a release without tags.
-- column role: Role in the portfolio: minister, associate, acting, deputy, under-secretary or spokesperson; none where
--     there is no portfolio. Tags print roles only until 1999; in later releases, the role is that of the title printed
--     in the text beside the only person credited, and minister if there is none.
-- column role_method: Source of the role: text (title printed beside the only person credited) or tag (the
--     tag prints the role, or nothing else is known).
-- column delegation: Part in brackets of a printed role, such as `Work and Income`; NULL if none is printed.
-- column rule: Rule by which the printed tag was resolved, as in core.portfolio_alias; `not_stated` on the single row
--     of a release without tags.
-- column share: Share of the release given to this tag, 0 to 1. The shares of a release sum to 1. A string that is no
--     portfolio gets 0 next to one that is.
create table core.bridge_release_portfolio (
    release_id varchar not null,
    position integer not null,
    portfolio_id varchar not null references core.dim_portfolio (portfolio_id),
    tagged_as varchar,
    role varchar not null,
    role_method varchar not null,
    delegation varchar,
    rule varchar not null,
    share double not null,
    check (role in ('minister', 'associate', 'acting', 'deputy', 'under-secretary', 'spokesperson', 'none')),
    check (role_method in ('tag', 'text')),
    check ((position = 0) = (portfolio_id = 'not-stated')),
    check ((position = 0) = (tagged_as is null)),
    check (share between 0 and 1)
);
