-- description: How often the cleaned texts of releases name places, countries, Acts and bills.
-- grain: path, blob, kind, name, year
-- column path: Path of the file in the archive.
-- column blob: Git's hash of the file's content.
-- column kind: place (of New Zealand or another country) or law.
-- column name: Id of the place in the seed of places or countries; key of the law's title.
-- column printed: Title of the law as first printed in the text; NULL for a place.
-- column year: Year printed after the name of a law; NULL if none is printed, and for a place.
-- column mention_count: Number of times that the text names it.
create table if not exists entity_count (
    path varchar not null,
    blob varchar not null,
    kind varchar not null,
    name varchar not null,
    printed varchar,
    year integer,
    mention_count integer not null
);
