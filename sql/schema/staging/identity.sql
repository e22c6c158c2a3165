-- description: The release id of each file that was read. If two files claim the same id, the one whose path matches
--     its date gets it, otherwise the first by path; the others are quarantined as duplicate_id.
-- grain: path
create or replace view identity as
with identified as (
    select
        listing.path,
        listing.blob,
        listing.content_type,
        listing.size,
        release.rowid as release_row,
        if(listing.content_type = 'releases', '', listing.content_type || '/')
        || left(split_part(listing.path, '/', -1), -len('.md')) as release_id,
        contains(listing.path, strftime(release.printed_date, '/%Y/%m/')) as is_where_its_date_says
    from listing
    inner join release using (path, blob)
    where listing.exclusion is null and listing.path not in (select error_page.path from error_page)
)

select
    path,
    blob,
    content_type,
    size,
    release_row,
    release_id,
    row_number() over (
        partition by release_id
        order by is_where_its_date_says desc, path asc
    ) as id_rank
from identified;
