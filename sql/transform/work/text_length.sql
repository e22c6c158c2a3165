-- description: The average length of texts, in words. It is rounded to tens, because core.search_posting measures every
--     text by it: a few new releases must not change all rows.
-- scope: whole
create table work.text_length as
select greatest(round(avg(word_count), -1), 10) as average_word_count
from work.current_release;
