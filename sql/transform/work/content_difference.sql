-- description: Differences between two versions of a release, for the history of files and for the change log. Words
--     are compared by how often each occurs, so moving a paragraph adds and removes none.
-- scope: history, path
create table work.content_difference as
with gone as (
    select
        previous_release.path,
        previous_release.blob,
        previous_release.url
    from work.previous_release
    anti join work.current_release
        on previous_release.path = current_release.path and previous_release.blob = current_release.blob
),

come as (
    select
        current_release.path,
        current_release.blob,
        current_release.url
    from work.current_release
    anti join work.previous_release
        on current_release.path = previous_release.path and current_release.blob = previous_release.blob
),

pairs as (
    select
        previous_path,
        previous_blob,
        path,
        blob
    from work.revision
    where previous_blob is not null

    -- Three joins, because DuckDB would compare all rows of one with an `or`.
    union

    select
        gone.path as previous_path,
        gone.blob as previous_blob,
        come.path,
        come.blob
    from gone
    inner join come using (path)

    union

    select
        gone.path as previous_path,
        gone.blob as previous_blob,
        come.path,
        come.blob
    from gone
    inner join come using (blob)

    union

    select
        gone.path as previous_path,
        gone.blob as previous_blob,
        come.path,
        come.blob
    from gone
    inner join come using (url)
),

contents as (
    select
        row_number() over () as pair,
        pairs.*,
        before.title as previous_title,
        after.title,
        before.printed_date as previous_date,
        after.printed_date,
        coalesce(before.ministers, []) as previous_ministers,
        coalesce(after.ministers, []) as ministers,
        coalesce(before.portfolios, []) as previous_portfolios,
        coalesce(after.portfolios, []) as portfolios,
        before.body as previous_body,
        after.body
    from pairs
    inner join staging.release as before
        on pairs.previous_path = before.path and pairs.previous_blob = before.blob
    inner join staging.release as after
        on pairs.path = after.path and pairs.blob = after.blob
),

listed as (
    select
        *,
        list_filter(ministers, lambda one: not list_contains(previous_ministers, one)) as new_ministers,
        list_filter(previous_ministers, lambda one: not list_contains(ministers, one)) as lost_ministers,
        list_filter(portfolios, lambda one: not list_contains(previous_portfolios, one)) as new_portfolios,
        list_filter(previous_portfolios, lambda one: not list_contains(portfolios, one)) as lost_portfolios
    from contents
),

words as (
    select
        pair,
        unnest(regexp_extract_all(previous_body, '[\p{L}\p{N}_]+')) as word,
        -1 as step
    from contents
    where previous_body <> body

    union all

    select
        pair,
        unnest(regexp_extract_all(body, '[\p{L}\p{N}_]+')) as word,
        1 as step
    from contents
    where previous_body <> body
),

balances as (
    select
        pair,
        word,
        sum(step) as balance
    from words
    group by pair, word
),

counted as (
    select
        pair,
        sum(balance) filter (where balance > 0) as word_added_count,
        -sum(balance) filter (where balance < 0) as word_removed_count
    from balances
    group by pair
),

compared as (
    select
        listed.*,
        listed.title <> listed.previous_title as is_title_changed,
        listed.printed_date <> listed.previous_date as is_date_changed,
        listed.ministers <> listed.previous_ministers as is_ministers_changed,
        listed.portfolios <> listed.previous_portfolios as is_portfolios_changed,
        listed.body <> listed.previous_body as is_body_changed,
        coalesce(counted.word_added_count, 0)::integer as word_added_count,
        coalesce(counted.word_removed_count, 0)::integer as word_removed_count
    from listed
    left join counted using (pair)
)

select
    previous_path,
    previous_blob,
    path,
    blob,
    is_title_changed,
    is_date_changed,
    is_ministers_changed,
    is_portfolios_changed,
    is_body_changed,
    word_added_count,
    word_removed_count,
    concat_ws(
        '; ',
        if(is_title_changed, 'title "' || previous_title || '" to "' || title || '"', null),
        if(is_date_changed, 'date ' || previous_date || ' to ' || printed_date, null),
        if(is_ministers_changed, concat_ws(
            ' ',
            'ministers',
            '+ ' || nullif(array_to_string(new_ministers, ', '), ''),
            '- ' || nullif(array_to_string(lost_ministers, ', '), ''),
            if(list_sort(ministers) = list_sort(previous_ministers), 'in another order', null)
        ), null),
        if(is_portfolios_changed, concat_ws(
            ' ',
            'portfolios',
            '+ ' || nullif(array_to_string(new_portfolios, ', '), ''),
            '- ' || nullif(array_to_string(lost_portfolios, ', '), ''),
            if(list_sort(portfolios) = list_sort(previous_portfolios), 'in another order', null)
        ), null),
        if(
            is_body_changed,
            'text +' || word_added_count || ' -' || word_removed_count || ' words',
            null
        )
    ) as what_changed
from compared;
