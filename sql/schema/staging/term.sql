-- description: The words of all releases as read, as the search knows them, each with a number.
-- grain: term_id
-- column term_id: In the order in which this file met them: of this file only.
-- column term: In lower case, without macrons and accents.
create table if not exists term (
    term_id integer not null,
    term varchar not null
);
