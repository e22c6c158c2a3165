-- description: The governments that each person served in. A credit outside all of them is marked
--     is_out_of_government.
-- grain: minister_id, government_id
-- column minister_id: Id of the person, such as `winston-peters`; joins to ministers and core.dim_minister.
-- column government_id: Id of a government that the person served in, such as `fifth-labour`; joins to
--     core.dim_government.
-- column reason: How it is known that the person served in the government.
create table core.minister_term (
    minister_id varchar not null references core.dim_minister (minister_id),
    government_id varchar not null references core.dim_government (government_id),
    reason varchar not null,
    primary key (minister_id, government_id)
);
