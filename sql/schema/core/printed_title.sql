-- description: Titles of office printed beside the names of people in the texts of releases, such as `Health Minister
--     Annette King` or `Annette King, Minister of Health`.
-- grain: release_id, minister_id, portfolio_id, role
-- files: by year of release_id
-- references: release_id in core.fact_release
-- column release_id: Id of the release; joins to releases and core.fact_release.
-- column minister_id: Id of the person, such as `winston-peters`; joins to ministers and core.dim_minister.
-- column portfolio_id: Id of the portfolio that the title names, such as `foreign-affairs`; joins to portfolios and
--     core.dim_portfolio. A short form such as `Trade` is the portfolio that was in use under such a name on the day.
-- column role: Role that the title prints: minister, associate, acting, deputy, under-secretary, or former (also `then`
--     and `previous`). Titles without `former` count only for people who were in office on the day.
-- column printed_form: Title as the text prints it first, such as `Associate Minister of Health`; without what stands
--     in brackets.
-- column first_place: Place of the person's name beside the first such title in the cleaned text, counted in
--     characters from 1.
-- column title_count: Number of times that the text prints the title beside the person's name; additive.
create table core.printed_title (
    release_id varchar not null,
    minister_id varchar not null references core.dim_minister (minister_id),
    portfolio_id varchar not null references core.dim_portfolio (portfolio_id),
    role varchar not null,
    printed_form varchar not null,
    first_place integer not null,
    title_count bigint not null,
    check (role in ('minister', 'associate', 'acting', 'deputy', 'under-secretary', 'former')),
    check (title_count > 0)
);
