-- description: Words of the titles of which the number in a month can differ from that of the build before.
create table work.touched_word as
select title_word.term
from work.title_word
inner join work.touched_fact using (release_id)
union
select word_before.term
from before.title_word as word_before
inner join work.touched_fact using (release_id);
