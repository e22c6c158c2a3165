-- description: Governments of New Zealand since 1990, by the days they held office, never by calendar year.
-- grain: government_id
-- column government_id: Readable and durable, such as `fifth-labour`; `unknown` where a date is unknown or earlier.
-- column government_name: Such as `Fifth Labour Government`.
-- column parties: The leading party and its partners, as text.
-- column prime_ministers: Names in order of office, separated by '; '.
-- column start_date: First day in office; NULL for `unknown`.
-- column end_date: Last day in office, inclusive; NULL while in office.
-- column certainty: How sure the dates are: verified, partly or conflict (see reason); NULL for `unknown`.
-- column reason: Where the dates come from and what is in doubt.
create table core.dim_government (
    government_id varchar primary key,
    government_name varchar not null unique,
    parties varchar,
    prime_ministers varchar,
    start_date date,
    end_date date,
    certainty varchar,
    reason varchar not null,
    check (end_date is null or end_date >= start_date)
);
