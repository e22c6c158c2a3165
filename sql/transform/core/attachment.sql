-- description: Attachments of the loaded releases, with the file name and type taken from their address.
-- scope: content
insert into core.attachment by name
with printed as (
    select
        current_release.release_id,
        unnest(current_release.attachments) as url,
        generate_subscripts(current_release.attachments, 1) as position
    from work.current_release
),

parts as (
    select
        release_id,
        position,
        url,
        regexp_extract(url, '([^/?#]*)/*(?:[?#].*)?$', 1) as last_part
    from printed
),

named as ( -- a name that cannot be decoded stays as printed
    select
        release_id,
        position,
        url,
        coalesce(try(url_decode(last_part)), last_part) as file_name
    from parts
)

select
    named.release_id,
    named.position,
    named.url,
    named.file_name,
    coalesce(nullif(lower(regexp_extract(named.file_name, '\.([A-Za-z0-9]{1,5})$', 1)), ''), 'none') as file_type
from named
inner join core.fact_release using (release_id)
order by fact_release.published_date_id, named.release_id, named.position;
