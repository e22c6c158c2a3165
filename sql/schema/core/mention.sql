-- description: Ministers whom the texts of releases name, whether the front matter credits them or not, and whoever
--     else of the known people is named.
-- grain: release_id, minister_id
-- references: release_id in core.fact_release
-- warning: Being named is not announcing: before 2009 many texts attack people who were not in office then.
-- column release_id: The release.
-- column minister_id: The person.
-- column method: full_name; alias, where only a known other name stands there; title, where only a title and the
--     surname do (counted for people whom the release credits).
-- column mention_count: How often the text names them; additive.
-- column first_place: Of the first name, in characters of the cleaned body from 1.
-- column is_credited: The front matter credits them, and they were in office.
-- column is_credited_on_twin: A twin of the same text credits them.
-- column is_in_office: In office then, as their credits tell: within 45 days of them, in a government they served in.
-- column is_quoted: The text says that they say something: right in 19 of 20 cases.
-- column is_announcing: The text says that they announce, launch or welcome something.
create table core.mention (
    release_id varchar not null,
    minister_id varchar not null references core.dim_minister (minister_id),
    method varchar not null,
    mention_count bigint not null,
    first_place integer not null,
    is_credited boolean not null,
    is_credited_on_twin boolean not null,
    is_in_office boolean not null,
    is_quoted boolean not null,
    is_announcing boolean not null,
    check (method in ('full_name', 'alias', 'title')),
    check (mention_count > 0)
);
