-- description: Every link of the loaded releases, with its kind and, if it leads to a release of the site, the path of
--     the address.
-- scope: content
create table work.link as
with printed as (
    select
        current_release.release_id,
        unnest(release.links) as link,
        generate_subscripts(release.links, 1) as position
    from work.current_release
    inner join staging.release
        on current_release.release_row = release.rowid
),

unwrapped as ( -- mail filters wrap the address in one of their own
    select
        release_id,
        position,
        link.text as link_text,
        link.url,
        case
            when regexp_matches(link.url, '^https?://[^/]*safelinks\.protection\.outlook\.com/[^#]*[?&]url=')
                then coalesce(try(url_decode(regexp_extract(link.url, '[?&]url=([^&]*)', 1))), link.url)
            else link.url
        end as address
    from printed
),

split as (
    select
        release_id,
        position,
        link_text,
        url,
        address,
        rtrim(
            coalesce(
                try(
                    url_decode(
                        lower(
                            coalesce(
                                nullif(regexp_extract(address, '^(?:[a-zA-Z]+:)?//(?:[^/?#@]*@)?([^/?#:@]+)', 1), ''),
                                regexp_extract(
                                    address, '^((?:[\w-]+\.)+(?i:nz|com|org|net|au|uk|int|edu))(?:[:/?#]|$)', 1
                                )
                            )
                        )
                    )
                ),
                ''
            ),
            '. '
        ) as printed_host,
        regexp_replace(address, '^(?:[a-zA-Z]+:)?//[^/?#]*|^(?:[\w-]+\.)+(?i:nz|com|org|net|au|uk|int|edu)\b', '')
            as local_part
    from unwrapped
),

hosted as ( -- a host without a dot is a mistake, or a computer inside an office
    select
        * exclude (printed_host),
        case when regexp_full_match(printed_host, '[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+') then printed_host end as host
    from split
),

sited as (
    select
        *,
        host is null or regexp_matches(host, '(?:^|\.)(?:beehive|executive)\.govt\.nz$') as is_of_the_site,
        trim(regexp_extract(local_part, '^[^?#]*', 0), '/') as path,
        coalesce(
            nullif(regexp_extract(local_part, '(?i)(?:\bnode(?:%2F|/)|\bDocumentID=)(\d{1,12})', 1), ''),
            nullif(regexp_extract(local_part, '^/release/(\d{1,12})/?(?:[?#]|$)', 1), '')
        ) as number
    from hosted
),

kinds as (
    select
        *,
        case
            when trim(address) = '' then 'empty'
            when starts_with(lower(address), 'mailto:') or (host is null and contains(address, '@')) then 'mail'
            when starts_with(lower(address), 'tel:') then 'phone'
            when
                starts_with(address, '#')
                or (is_of_the_site and regexp_matches(lower(address), '#_?(?:ftn|edn|fn|(?:sd)?(?:foot|end)note)'))
                then 'anchor'
            when host is not null and not is_of_the_site then 'outside'
            when host is null and (not starts_with(address, '/') or starts_with(address, '//')) then 'broken'
            when number is not null and not starts_with(lower(path), 'release/') then 'number'
            when regexp_matches(path, '^release/.') then 'release'
            when regexp_matches(path, '^speech/.') then 'speech'
            when
                regexp_matches(path, '(?i)^(?:sites|core|webfm_send|documents)/')
                or regexp_matches(path, '(?i)\.(?:pdf|docx?|xlsx?|pptx?|jpe?g|png|gif|rtf|zip|mp[34g])$')
                then 'file'
            else 'page'
        end as link_kind,
        case when link_kind = 'number' then 'release/' || number else path end as target_path
    from sited
)

select
    release_id,
    position,
    link_text,
    url,
    host,
    link_kind,
    target_path,
    link_kind in ('release', 'speech', 'number') as is_to_release
from kinds;
