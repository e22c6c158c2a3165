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

folds as (
    select
        fold,
        count(*) as path_count,
        min(path) as path
    from folded
    where not is_link
    group by fold
),

-- Each address that is linked to, with the one path of the archive that it leads to, if there is just one.
leads as (
    select
        link_fold.path as target_path,
        same_path.path is not null as is_same,
        folds.path_count - is_same::integer as folded_count,
        case
            when is_same then link_fold.path
            when folded_count = 1 then folds.path
        end as path
    from folded as link_fold
    inner join folds
        on link_fold.fold = folds.fold
    left join folded as same_path
        on link_fold.path = same_path.path and not same_path.is_link
    where link_fold.is_link
),

asked as (
    select distinct
        kinds.release_id,
        kinds.nz_date,
        leads.path
    from kinds
    inner join leads using (target_path)
    where
        kinds.link_kind in ('release', 'speech', 'number')
        and (kinds.link_kind <> 'number' or leads.is_same)
),

-- The releases of each path by day. A link leads to the last one until its own day or, failing that, to the last of
-- all; the one before is needed if that is the release that prints the link.
targets as (
    select
        path,
        release_id,
        nz_date,
        row_number() over by_day as place,
        count(*) over (partition by path) as place_count
    from paths
    window by_day as (partition by path order by coalesce(nz_date, date '0001-01-01') asc, release_id asc)
),

days as (
    select
        path,
        nz_date,
        max(place) as place
    from targets
    where nz_date is not null
    group by path, nz_date
),

places as (
    select
        asked.release_id,
        asked.nz_date,
        asked.path,
        days.place
    from asked
    asof left join days
        on asked.path = days.path and asked.nz_date + 1 >= days.nz_date
),

candidate_places as (
    select distinct
        places.release_id,
        places.nz_date,
        places.path,
        unnest([places.place, places.place - 1, targets.place_count, targets.place_count - 1]) as place
    from places
    inner join targets
        on places.path = targets.path and targets.place = 1
),

best as (
    select
        candidate_places.release_id,
        candidate_places.path,
        arg_max(
            targets.release_id,
            (
                targets.release_id <> candidate_places.release_id,
                coalesce(targets.nz_date <= candidate_places.nz_date + 1, false),
                coalesce(targets.nz_date, date '0001-01-01'),
                targets.release_id
            )
        ) as target_release_id
    from candidate_places
    inner join targets using (path, place)
    group by candidate_places.release_id, candidate_places.path
),

resolved as (
    select
        kinds.*,
        leads.is_same or leads.folded_count = 1 as is_proven,
        leads.is_same,
        leads.folded_count,
        best.target_release_id as best_id
    from kinds
    left join leads
        on
            kinds.target_path = leads.target_path
            and kinds.link_kind in ('release', 'speech', 'number')
            and (kinds.link_kind <> 'number' or leads.is_same)
    left join best
        on kinds.release_id = best.release_id and leads.path = best.path
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
