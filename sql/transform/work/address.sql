-- description: The paths of addresses on the site: that of each release, and those to which its links lead. A folded
--     path is percent-decoded, without macrons, quotes and dashes, and without the short words that the site left out
--     of addresses until 2008 and still leaves out today.
-- scope: content
create table work.address as
with paths as (
    select
        release_id,
        false as is_link,
        regexp_extract(url, '^https?://[^/]+/+([^?#]*)', 1) as path
    from work.current_release

    union all

    select distinct
        release_id,
        true as is_link,
        target_path as path
    from work.link
    where is_to_release
),

decoded as ( -- 039 and 8217 are remains of an apostrophe's HTML entity
    select
        *,
        replace(replace(lower(strip_accents(coalesce(try(url_decode(path)), path))), '039', ''), '8217', '') as plain
    from paths
)

select
    release_id,
    is_link,
    path,
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
from decoded;
