-- description: Political parties of the people whom releases credit and of the governments, a row for members without
--     a party, and a row for each reason why a credit has no party.
-- grain: party_id
-- column party_id: Id of the party, readable and durable, such as `nz-first`; `independent` for members without a
--     party; or the reason why there is none: `unknown` (of a person) or `nobody` (the credit has no person).
-- column party_name: Short name of the party, such as `NZ First`; in brackets if there is none.
-- column full_name: Registered or full name of the party, such as `New Zealand First`.
-- column colour: Colour for charts, in hexadecimal, such as `#00529F`.
-- column is_party: False for independents and for the two rows that are a reason instead of a party.
create table core.dim_party (
    party_id varchar primary key,
    party_name varchar not null unique,
    full_name varchar not null,
    colour varchar not null,
    is_party boolean not null
);
