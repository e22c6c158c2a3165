-- description: Each count comes from its own table, so that the balance proves something.
-- scope: whole
insert into meta.reconciliation by name
with listed as (
    select
        coalesce(nullif(content_type, ''), '(root)') as content_type,
        count(*) as file_count
    from staging.listing
    group by all
),

loaded as (
    select
        content_type,
        count(*) as loaded_count
    from core.fact_release
    group by content_type
),

quarantined as (
    select
        regexp_extract(path, '^([^/]+)/', 1) as content_type,
        count(*) as quarantined_count
    from meta.quarantine
    group by all
),

excluded as (
    select
        content_type,
        count(*) as excluded_count
    from meta.excluded_file
    group by content_type
)

select
    listed.content_type,
    listed.file_count,
    coalesce(loaded.loaded_count, 0) as loaded_count,
    coalesce(quarantined.quarantined_count, 0) as quarantined_count,
    coalesce(excluded.excluded_count, 0) as excluded_count,
    listed.content_type = '(root)' or content_types.content_type is not null as is_known,
    listed.file_count = coalesce(loaded.loaded_count, 0) + coalesce(quarantined.quarantined_count, 0)
    + coalesce(excluded.excluded_count, 0) as is_balanced
from listed
left join loaded using (content_type)
left join quarantined using (content_type)
left join excluded using (content_type)
left join seeds.content_types using (content_type)
order by listed.content_type;
