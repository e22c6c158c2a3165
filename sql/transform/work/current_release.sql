-- description: The releases of the state being loaded, without their texts; stored once because a dozen statements
--     read them.
-- scope: content
create table work.current_release as
select
    * exclude ( -- noqa: AM04
        size, body, cleaned_body, links, term_ids, term_body_counts, term_title_counts, amounts
    ),
    hash(nullif(body, '')) as body_hash,
    len(links) as link_count,
    len(amounts) as money_amount_count
from staging.current_release;
