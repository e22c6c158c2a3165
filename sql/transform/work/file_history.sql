-- description: When each file was added and last changed; stored because core.fact_release asks for it once for each
--     part of the releases.
-- scope: history, path
create table work.file_history as
from staging.file_history;
