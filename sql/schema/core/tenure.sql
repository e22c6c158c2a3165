-- description: Who held which office when, and who was an associate or acted in it: from the register of offices where
--     it speaks, else inferred from releases. Each row is a time of one confidence; a spell has up to three of them.
-- grain: portfolio_id, minister_id, role, start_date
-- warning: Use portfolio_holders for whole spells. Rows of low confidence are guesses.
-- column portfolio_id: Id of the portfolio, such as `foreign-affairs`; joins to portfolios and core.dim_portfolio.
-- column minister_id: Id of the person, such as `winston-peters`; joins to ministers and core.dim_minister.
-- column role: Role of the person: holder, associate, acting, deputy, under-secretary or spokesperson.
-- column government_id: Id of the government in office at the time, such as `fifth-labour`; a minister who stayed on
--     through a change of government has two rows.
-- column spell_start_date: First day of the whole spell that this row is a part of.
-- column start_date: First day of this row.
-- column end_date: Last day of this row; NULL while in office.
-- column method: How it is known: register (the register of offices), titles (printed in texts), sole credits (releases
--     by this minister alone), joint credits (joint releases) or tags (roles printed in tags until 1999).
-- column certainty: How sure the register is: two_sources, one_source, archive (read in releases) or disputed; NULL if
--     the row is inferred.
-- column confidence: How sure it is that the person held the office on each day of this row: high, medium or low.
-- column source: Sources of the register for this appointment, separated by '; '; NULL if the row is inferred.
create table core.tenure (
    portfolio_id varchar not null references core.dim_portfolio (portfolio_id),
    minister_id varchar not null references core.dim_minister (minister_id),
    role varchar not null,
    government_id varchar not null references core.dim_government (government_id),
    spell_start_date date not null,
    start_date date not null,
    end_date date,
    method varchar not null,
    certainty varchar,
    confidence varchar not null,
    source varchar,
    primary key (portfolio_id, minister_id, role, start_date),
    check (role in ('holder', 'associate', 'acting', 'deputy', 'under-secretary', 'spokesperson')),
    check (method in ('register', 'titles', 'sole credits', 'joint credits', 'tags')),
    check (confidence in ('high', 'medium', 'low')),
    check (spell_start_date <= start_date and start_date <= coalesce(end_date, 'infinity'::date))
);
