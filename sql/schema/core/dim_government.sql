-- description: Governments of New Zealand since 1990, each with the exact days on which it held office.
-- grain: government_id
-- column government_id: Id of the government, readable and durable, such as `fifth-labour`; `unknown` for dates that
--     are unknown or earlier than the earliest government.
-- column government_name: Name of the government, such as `Fifth Labour Government`.
-- column parties: Leading party and its partners with their years, as text; NULL for the `unknown` government.
--     core.government_party has them as rows.
-- column prime_ministers: Names of the prime ministers in order of office, separated by '; '.
-- column start_date: First day in office; NULL for the `unknown` government.
-- column end_date: Last day in office; NULL while in office.
-- column certainty: How sure the dates are: verified, partly or conflict (sources differ, see reason); NULL for the
--     `unknown` government.
-- column reason: Source of the dates, and what is in doubt.
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
