-- description: Acts and bills that texts name, one row for each title and the year printed after it.
-- grain: law_id
-- column law_id: Id of the Act or bill, such as `resource-management-act-1991`, or `resource-management-act` where no
--     year is printed.
-- column law_name: Title of the Act or bill with its year, such as `Resource Management Act 1991`, or without a year
--     where none is printed.
-- column law_title: Title of the Act or bill without its year, in the spelling that most releases print.
-- column law_year: Year printed after the title; NULL if none is printed.
-- column is_year_doubtful: True if the year seems a misprint: it is two years or more after every release that prints
--     it, or one digit differs from a year that ten times as many releases print after the title.
-- column law_kind: act or bill, as the text says.
-- column is_amendment: True if the title says that the Act or bill amends another one.
create table core.dim_law (
    law_id varchar primary key,
    law_name varchar not null,
    law_title varchar not null,
    law_year integer,
    is_year_doubtful boolean not null,
    law_kind varchar not null,
    is_amendment boolean not null,
    check (law_kind in ('act', 'bill'))
);
