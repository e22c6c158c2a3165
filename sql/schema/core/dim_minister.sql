-- description: People credited with releases, and one row for each reason why a credit has no person.
-- grain: minister_id
-- column minister_id: Id of the person, readable and durable, such as `winston-peters`; or the reason why there is
--     none: `not-stated` (the release names nobody), `not-a-person` (the printed string is a link or a placeholder),
--     `unresolved` (no decision was possible).
-- column minister_name: Display name of the person, without honorifics.
-- column sort_name: Name with the surname first, for sorting.
-- column honorific: Honorific as last held, such as `Rt Hon`; NULL if none is known.
-- column kind: Highest office that the person held: minister, under-secretary or spokesperson; provisional (in no seed
--     yet) or none (not a person).
-- column gender: Gender of the person, female or male; NULL if none is known.
-- column gender_source: Short names of the sources of gender, separated by '; '; `release:` and an id for a release
--     that calls the person Mr, Mrs or Ms; NULL if gender is. Two names are two sources.
-- column birth_year: Year in which the person was born; NULL if none is known.
-- column birth_year_source: Short names of the sources of birth_year, separated by '; '; NULL if birth_year is. Two
--     names are two sources.
-- column wikidata_id: Id of the person in Wikidata, such as `Q180383`; NULL if none is known.
-- column certainty: How sure the entry in the seed is: verified or partly; NULL if no seed has the person.
-- column is_person: False for the three rows that are a reason instead of a person.
-- column is_provisional: True for a printed name that awaits review.
-- column first_release_date: Earliest nz_date of the releases credited to the person; NULL if there are none or all
--     are undated.
-- column last_release_date: Latest nz_date of the releases credited to the person; NULL if there are none or all are
--     undated.
create table core.dim_minister (
    minister_id varchar primary key,
    minister_name varchar not null,
    sort_name varchar not null,
    honorific varchar,
    kind varchar not null,
    gender varchar,
    gender_source varchar,
    birth_year integer,
    birth_year_source varchar,
    wikidata_id varchar unique,
    certainty varchar,
    is_person boolean not null,
    is_provisional boolean not null,
    first_release_date date,
    last_release_date date,
    check (kind in ('minister', 'under-secretary', 'spokesperson', 'provisional', 'none')),
    check (is_person = (kind <> 'none')),
    check (is_provisional = (kind = 'provisional'))
);
