-- description: One row per passage and speaker, even if the passage names the speaker several times.
insert into core.quotation by name
select
    named.release_id,
    named.minister_id,
    named.passage_place + 1 as passage_place,
    max(named.passage_length) as passage_length,
    arg_min(named.verb, named.place) as verb,
    bool_or(named.is_direct) as is_direct,
    any_value(mention.is_credited) as is_credited,
    any_value(mention.is_in_office) as is_in_office
from work.named
inner join core.mention
    on named.release_id = mention.release_id and named.minister_id = mention.minister_id
where named.passage_place is not null
group by named.release_id, named.minister_id, named.passage_place
order by named.release_id, passage_place, named.minister_id;
