-- description: Governments that each person served in, from work.term.
-- scope: whole
insert into core.minister_term by name
select
    term.minister_id,
    term.government_id,
    term.reason
from work.term
inner join core.dim_minister using (minister_id)
inner join core.dim_government using (government_id)
order by term.minister_id, term.government_id;
