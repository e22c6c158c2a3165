-- description: Terms from the seed.
insert into core.minister_term by name
select
    terms.minister_id,
    terms.government_id,
    terms.reason
from seeds.terms
inner join core.dim_minister using (minister_id)
inner join core.dim_government using (government_id)
order by terms.minister_id, terms.government_id;
