-- description: Listed files that were excluded before reading, and files that were read but hold an error page.
-- scope: whole
insert into meta.excluded_file by name
with excluded as (
    select
        path,
        blob,
        content_type,
        exclusion as reason
    from staging.listing
    where exclusion is not null

    union all

    select
        path,
        blob,
        content_type,
        'error_page' as reason
    from staging.error_page
)

select
    excluded.path,
    excluded.blob,
    coalesce(nullif(excluded.content_type, ''), '(root)') as content_type,
    reason.reason
from excluded
inner join meta.reason using (reason)
order by excluded.path;
