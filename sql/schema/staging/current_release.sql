-- description: The releases of the state being loaded, as read, each with its id. Rows are joined by row number
--     because that is faster than by path, and rows far from the requested ones are not read.
-- grain: release_id
-- scope: content
create or replace view current_release as
select
    identity.release_id,
    identity.content_type,
    identity.release_row,
    identity.size,
    release.* exclude (parser_version), -- noqa: AM04, RF02
    year(release.printed_date) = 1 as is_undated
from identity
inner join release
    on identity.release_row = release.rowid
where identity.id_rank = 1;
