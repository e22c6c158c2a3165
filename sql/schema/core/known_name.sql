-- description: Every name by which the macros find a minister or a portfolio.
-- grain: kind, name_key, member_id
-- column kind: What is called so: minister or portfolio.
-- column name_key: Name as the macro folded_name returns it: letters and digits only, in lower case.
-- column member_id: Id of the minister or portfolio; joins to core.dim_minister or core.dim_portfolio.
-- column precedence: What the name is; a name means those members for which the number is smallest. 1 id, 2 full name,
--     3 another name in the seeds, 4 name or tag as printed, 5 surname.
-- column full_name: Display name of the minister or portfolio.
-- column years: Years of the earliest and the latest release, such as `1999-2008`; NULL if there is none.
create table core.known_name (
    kind varchar not null,
    name_key varchar not null,
    member_id varchar not null,
    precedence integer not null,
    full_name varchar not null,
    years varchar,
    primary key (kind, name_key, member_id),
    check (kind in ('minister', 'portfolio')),
    check (precedence between 1 and 5)
);
