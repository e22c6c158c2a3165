-- description: The statement of each text that core.statement_link links to another. Every other text is a statement of
--     its own.
-- scope: whole
create table work.statement as
with linked as (
    select
        release_id,
        statement_id
    from core.statement_link

    union all

    select
        near_release_id as release_id,
        statement_id
    from core.statement_link
)

select distinct
    twin.twin_group_id,
    linked.statement_id
from linked
inner join work.twin using (release_id);
