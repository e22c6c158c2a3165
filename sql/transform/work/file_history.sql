-- description: When each file came and was changed last: kept, since the fact asks for some releases after the other.
create table work.file_history as
from staging.file_history;
