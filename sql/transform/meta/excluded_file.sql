-- description: The listed files that extraction left out, and those that were read and hold no release.
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
