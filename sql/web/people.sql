-- description: Every person of the seeds, with the names by which releases know them.
select
    dim_minister.minister_id,
    dim_minister.minister_name,
    dim_minister.sort_name,
    dim_minister.first_release_date is not null as has_page,
    list(minister_alias.credited_as) filter (where minister_alias.credited_as is not null) as other_names
from core.dim_minister
left join core.minister_alias
    on
        dim_minister.minister_id = minister_alias.minister_id
        and minister_alias.rule = 'alias'
        and contains(minister_alias.credited_as, ' ')
where dim_minister.is_person
group by all
