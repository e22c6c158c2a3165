-- description: The names for which the texts in name_search were searched.
-- grain: name, minister_id
-- column name: Name in lower-case ASCII.
-- column minister_id: Person who is called so.
-- column method: Kind of name: full_name, alias, title or surname.
-- column gender: Gender of the person; NULL if unknown.
create table if not exists searched_name (
    name varchar not null,
    minister_id varchar not null,
    method varchar not null,
    gender varchar
);
