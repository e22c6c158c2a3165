-- description: The listed files that extraction left out.
insert into meta.excluded_file by name
select
    listing.path,
    listing.blob,
    coalesce(nullif(listing.content_type, ''), '(root)') as content_type,
    reason.reason
from staging.listing
inner join meta.reason
    on listing.exclusion = reason.reason
order by listing.path;
