-- description: The releases of the state being loaded, without their texts: kept once, since a dozen statements read
--     them.
create table work.current_release as
select
    release_id,
    content_type,
    path,
    blob,
    title,
    printed_date,
    is_undated,
    url,
    ministers,
    portfolios,
    attachments,
    unknown_keys,
    has_body,
    len(links) as link_count,
    word_count,
    text_key,
    text_sketch,
    opening_date
from staging.current_release;
