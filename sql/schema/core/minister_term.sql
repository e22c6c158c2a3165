-- description: The governments each person served in: what a credit is held against.
-- grain: minister_id, government_id
-- column minister_id: The person.
-- column government_id: The government.
-- column reason: How that is known.
create table core.minister_term (
    minister_id varchar not null references core.dim_minister (minister_id),
    government_id varchar not null references core.dim_government (government_id),
    reason varchar not null,
    primary key (minister_id, government_id)
);
