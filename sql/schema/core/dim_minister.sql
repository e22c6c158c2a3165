-- description: People credited with releases, and one member for each reason why a credit has no person.
-- grain: minister_id
-- column minister_id: Readable and durable, such as `winston-peters`; `not-stated` (the release names nobody),
--     `not-a-person` (the printed string is a link or a placeholder), `unresolved` (it could not be decided).
-- column minister_name: Display name, without honorifics.
-- column sort_name: Surname first.
-- column honorific: As last held, such as `Rt Hon`; NULL where none is known.
-- column kind: The highest office held: minister, under-secretary, spokesperson, provisional (in no seed yet) or
--     none (no person).
-- column certainty: verified or partly, as in the seed; NULL for members that are in no seed.
-- column is_person: False for the three members that stand for a reason.
-- column is_provisional: True for a name that awaits review.
-- column first_release_date: Earliest day of a release credited to them; NULL where none is dated.
-- column last_release_date: Latest day of a release credited to them; NULL where none is dated.
create table core.dim_minister (
    minister_id varchar primary key,
    minister_name varchar not null,
    sort_name varchar not null,
    honorific varchar,
    kind varchar not null,
    certainty varchar,
    is_person boolean not null,
    is_provisional boolean not null,
    first_release_date date,
    last_release_date date,
    check (kind in ('minister', 'under-secretary', 'spokesperson', 'provisional', 'none')),
    check (is_person = (kind <> 'none')),
    check (is_provisional = (kind = 'provisional'))
);
