-- description: The releases of the state being loaded, as read, each with its id. Rows are joined by row number
--     because that is faster than by path, and rows far from the requested ones are not read.
-- grain: release_id
create or replace view current_release as
select
    identity.release_id,
    identity.content_type,
    identity.release_row,
    identity.size,
    release.path,
    release.blob,
    release.title,
    release.printed_date,
    release.url,
    release.ministers,
    release.portfolios,
    release.attachments,
    release.unknown_keys,
    release.body,
    release.has_body,
    release.links,
    release.word_count,
    release.cleaned_body,
    release.text_key,
    release.text_sketch,
    release.opening_date,
    release.term_ids,
    release.term_body_counts,
    release.term_title_counts,
    release.reading_word_count,
    release.sentence_count,
    release.syllable_count,
    release.te_reo_word_count,
    release.te_reo_name_count,
    release.macron_word_count,
    release.maori_macron_count,
    release.maori_plain_count,
    release.maori_umlaut_count,
    release.maori_circumflex_count,
    release.aotearoa_count,
    release.quote_count,
    release.quoted_word_count,
    release.amounts,
    year(release.printed_date) = 1 as is_undated
from identity
inner join release
    on identity.release_row = release.rowid
where identity.id_rank = 1;
