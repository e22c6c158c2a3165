-- description: Front-matter keys and folders that are not known, texts that are like more than 20 others, so that
--     core.near_twin compares them with 20 only, and entries of the index of publication times that cannot be used.
-- scope: whole
insert into meta.source_warning by name
select
    fact_release.source_path as path,
    'unknown_key' as kind,
    unnest(current_release.unknown_keys) as detail
from work.current_release
inner join core.fact_release using (release_id)

union all by name

select
    content_type as path,
    'unknown_folder' as kind,
    content_type as detail
from meta.reconciliation
where not is_known and file_count > excluded_count

union all by name

select
    fact_release.source_path as path,
    'similar_texts' as kind,
    'compared with the next 20 of ' || max(alike.following_count) || ' texts that are like it' as detail
from work.alike
inner join core.fact_release using (release_id)
where alike.following_count > 20
group by fact_release.source_path

union all by name

select
    path,
    'index_entry' as kind,
    detail
from work.index_problem
order by path, kind, detail;
