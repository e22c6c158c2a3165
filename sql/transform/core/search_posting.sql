-- description: The words of each release with an id between the variables `first` and `last`, sorted by word; some
--     thousand releases at a time, because millions of rows are sorted in memory.
-- scope: release, search_number
insert into core.search_posting by name
with used as (
    select
        dated.search_number,
        1.2 * (0.25 + 0.75 * current_release.word_count / text_length.average_word_count) as half_strength,
        unnest(release.term_ids) as term_id,
        unnest(release.term_body_counts)::integer + 5 * unnest(release.term_title_counts)::integer as use_count,
        unnest(release.term_title_counts) > 0 as is_in_title
    from work.current_release
    inner join work.dated
        on current_release.release_id = dated.release_id
    inner join staging.release
        on current_release.release_row = release.rowid
    cross join work.text_length
    where current_release.release_id between getvariable('first') and getvariable('last')
)

select
    term_number.term_number,
    used.search_number,
    greatest(1, least(126, round(127 * used.use_count / (used.use_count + used.half_strength))))::utinyint as strength,
    used.is_in_title
from used
inner join work.term_number using (term_id)
order by term_number.term_number, used.search_number;
