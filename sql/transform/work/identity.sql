-- description: The release id of each file that was read, and the row of its content in staging; stored because three
--     statements read it.
-- scope: whole, release_id
create table work.identity as
from staging.identity;
