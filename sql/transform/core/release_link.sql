-- description: Every link of the loaded releases. Addresses are compared by path: first as printed, then folded, which
--     means percent-decoded, without macrons, quotes and dashes, and without the short words that the site left out of
--     addresses until 2008 and still leaves out today. If several releases have the address, the link leads to the
--     latest of them that is not later than the link; it leads to the release itself only if no other has the address.
insert into core.release_link by name
with printed as (
    select
        fact_release.release_id,
        fact_release.published_date_id,
        fact_release.nz_date,
        unnest(release.links) as link,
        generate_subscripts(release.links, 1) as position
    from core.fact_release
    inner join work.current_release using (release_id)
    inner join staging.release
        on current_release.release_row = release.rowid
),

unwrapped as ( -- mail filters wrap the address in one of their own
    select
        release_id,
        published_date_id,
        nz_date,
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
        published_date_id,
        nz_date,
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
            when starts_with(address, '#') then 'anchor'
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
),

paths as (
    select
        release_id,
        nz_date,
        regexp_extract(url, '^https?://[^/]+/+([^?#]*)', 1) as path
    from core.fact_release
),

wanted as (
    select distinct
        target_path as path,
        true as is_link
    from kinds
    where link_kind in ('release', 'speech', 'number')
    union all
    select distinct
        path,
        false as is_link
    from paths
),

decoded as ( -- 039 and 8217 are remains of an apostrophe's HTML entity
    select
        path,
        is_link,
        replace(replace(lower(strip_accents(coalesce(try(url_decode(path)), path))), '039', ''), '8217', '') as plain
    from wanted
),

folded as (
    select distinct
        path,
        is_link,
        array_to_string(
            list_filter(
                string_split_regex(regexp_replace(plain, '[^a-z0-9/+ _-]', '', 'g'), '[/+ _-]+'),
                lambda word: word not in (
                    '', 'a', 'an', 'and', 'as', 'at', 'amp', 'before', 'but', 'by', 'for', 'from', 'in', 'into', 'is',
                    'like', 'of', 'off', 'on', 'onto', 'per', 'since', 'than', 'that', 'the', 'this', 'to', 'up', 'via',
                    'with'
                )
            ),
            ''
        ) as fold
    from decoded
),

candidates as (
    select
        kinds.release_id,
        kinds.position,
        paths.release_id as target_release_id,
        paths.path,
        kinds.target_path = paths.path as is_same,
        paths.release_id <> kinds.release_id as is_other,
        coalesce(paths.nz_date <= kinds.nz_date + 1, false) as is_before,
        paths.nz_date
    from kinds
    inner join folded as link_fold
        on kinds.target_path = link_fold.path and link_fold.is_link
    inner join folded as release_fold
        on link_fold.fold = release_fold.fold and not release_fold.is_link
    inner join paths
        on release_fold.path = paths.path
    where
        kinds.link_kind in ('release', 'speech', 'number')
        and (kinds.link_kind <> 'number' or kinds.target_path = paths.path)
),

best as (
    select
        release_id,
        position,
        bool_or(is_same) as is_same,
        count(distinct path) filter (not is_same) as folded_count,
        arg_max(
            target_release_id,
            (is_same, is_other, is_before, coalesce(nz_date, date '0001-01-01'), target_release_id)
        ) as target_release_id
    from candidates
    group by release_id, position
),

resolved as (
    select
        kinds.*,
        best.is_same or best.folded_count = 1 as is_proven,
        best.is_same,
        best.folded_count,
        best.target_release_id as best_id
    from kinds
    left join best
        on kinds.release_id = best.release_id and kinds.position = best.position
)

select
    release_id,
    position,
    link_text,
    url,
    host,
    regexp_replace(host, '^www\.', '') as domain,
    link_kind,
    link_kind = 'outside' as is_outside,
    case when is_proven then best_id end as target_release_id,
    case
        when not is_proven or is_proven is null then null
        when link_kind = 'number' then 'number'
        when is_same then 'address'
        else 'folded_address'
    end as found_by,
    case
        when is_proven then null
        when link_kind not in ('release', 'speech', 'number') then 'not_a_release'
        when folded_count > 1 then 'ambiguous'
        else 'not_in_archive'
    end as unresolved_reason
from resolved
order by published_date_id, release_id, position;
