-- description: The release id of each file that was read, the row of its content in staging, and a hash of its path
--     and content; stored because three statements read it.
-- scope: whole, release_id
create table work.identity as
select
    release_id,
    content_type,
    size,
    release_row,
    id_rank,
    hash(path, blob) as file_hash
from staging.identity;
