-- description: The ids of the releases that an id or an address means. `$shown` is the id, or the address without
--     protocol and without a slash at its end.
with addresses as (
    select
        release_id,
        unnest([url, site_url]) as address
    from main.releases
    where contains($shown, '/')
)

select release_id
from main.releases
where release_id = $shown

union

select release_id
from addresses
where regexp_replace(address, '^https?://(www\.)?|/+$', '', 'g') = $shown
order by release_id
