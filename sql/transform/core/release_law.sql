-- description: The Acts and bills that the texts of this build name.
-- scope: release, search_number
insert into core.release_law by name
select
    search_number,
    law_id,
    mention_count
from work.law_mention
order by search_number, law_id;
