-- description: File contents still to be read: those of the state being loaded, and those that the archive's history
--     says its files held before.
-- grain: path, blob
create or replace view unparsed as
(
    select
        listing.path,
        listing.blob
    from listing
    where listing.exclusion is null
    union
    select
        file_change.path,
        file_change.blob
    from file_change
    where file_change.blob is not null
)
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
