-- description: Publication time of each release that the index has. An index entry and a release belong together if
--     the address and the file name are the same without macrons, quotes and dashes, and their dates are at most one
--     day apart. Among several candidates the nearest date wins; a release without a date comes last; if that does not
--     decide, no time is assigned. If the index has two times for one address on one day, the earlier counts. Until
--     the site changed, the index printed local times as if they were UTC.
-- scope: whole
create table work.exact_time as
with keyed as (
    select
        release_id,
        if(is_undated, null, printed_date) as printed_date,
        trim(regexp_replace(
            regexp_replace(
                lower(strip_accents(regexp_extract(release_id, '\d{4}-\d{2}-\d{2}-(.*)$', 1))), '[^a-z0-9-]', '', 'g'
            ),
            '-+', '-', 'g'
        ), '-') as slug_key
    from work.current_release
    where content_type = 'releases'
),

entries as (
    select
        slug_key,
        site_url,
        min(indexed_at) as indexed_at
    from work.publication_time
    where folder = 'release'
    group by slug_key, site_url, indexed_at::date
),

candidates as (
    select
        keyed.release_id,
        entries.site_url,
        entries.indexed_at,
        coalesce(abs(entries.indexed_at::date - keyed.printed_date), 2) as days_apart
    from keyed
    inner join entries using (slug_key)
    where keyed.slug_key <> '' and (days_apart <= 1 or keyed.printed_date is null)
),

ranked as (
    select
        *,
        rank() over (partition by release_id order by days_apart) as rank_for_release,
        rank() over (partition by site_url, indexed_at order by days_apart) as rank_for_entry
    from candidates
),

best as (
    select
        *,
        count(*) over (partition by release_id) as release_uses,
        count(*) over (partition by site_url, indexed_at) as entry_uses
    from ranked
    where rank_for_release = 1 and rank_for_entry = 1
),

bases as (
    select
        from_date::date as from_date,
        date_basis
    from seeds.date_bases
)

select
    best.release_id,
    best.site_url,
    if(
        bases.date_basis = 'local',
        timezone('UTC', timezone('Pacific/Auckland', best.indexed_at)),
        best.indexed_at
    ) as published_at,
    timezone('Pacific/Auckland', timezone('UTC', published_at))::date as nz_date
from best
asof left join bases
    on best.indexed_at::date >= bases.from_date
where best.release_uses = 1 and best.entry_uses = 1;
