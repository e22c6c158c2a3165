-- description: The other releases of the statement that one release belongs to, and whether they have the same text.
select
    other.release_id,
    other.nz_date,
    other.title,
    other.ministers,
    coalesce(other.twin_group_id = asked.twin_group_id, false) as is_same_text
from main.releases as asked
inner join main.releases as other
    on asked.statement_id = other.statement_id and asked.release_id <> other.release_id
where asked.release_id = $release_id
order by other.nz_date, other.release_id
