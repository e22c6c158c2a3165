-- description: Names of ministers in the cleaned bodies of releases, as found; whose they are is decided by each build.
-- grain: path, blob, place
-- column path: Path in the archive.
-- column blob: Git's hash of the content.
-- column place: Of the name in the cleaned body, in characters from 0.
-- column name: Full name, other name, or title and surname, in lower-case ASCII.
-- column is_in_quotation: Named by somebody who is quoted.
-- column verb: By which the text says that they say or announce something; NULL where it does not.
-- column passage_place: Of what they say, in characters from 0; NULL where they say nothing.
-- column passage_length: Of what they say, in characters.
-- column is_direct: What they say holds a quotation.
create table if not exists name_hit (
    path varchar not null,
    blob varchar not null,
    place integer not null,
    name varchar not null,
    is_in_quotation boolean not null,
    verb varchar,
    passage_place integer,
    passage_length integer,
    is_direct boolean
);
