-- description: The words of each title, each once.
-- scope: content
create table work.title_word as
select
    release_id,
    unnest(list_distinct(regexp_extract_all(lower(strip_accents(title)), '[\p{L}\p{N}_]+'))) as term
from work.current_release;
