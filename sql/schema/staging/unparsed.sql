-- description: Files of the state being loaded that are to be read.
-- grain: path
create or replace view unparsed as
select
    listing.path,
    listing.blob
from listing
where listing.exclusion is null
except
select
    release.path,
    release.blob
from release
except
select
    rejection.path,
    rejection.blob
from rejection;
