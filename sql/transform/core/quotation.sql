-- description: One row per passage and speaker, even if the passage names the speaker several times.
-- scope: office
insert into core.quotation by name
select
    named.release_id,
    named.minister_id,
    named.passage_place + 1 as passage_place,
    max(named.passage_length) as passage_length,
    arg_min(named.verb, named.place) as verb,
    arg_min(named.speech_method, named.place) as method,
    if(arg_min(named.speech_method, named.place) in ('name', 'surname'), 'high', 'medium') as confidence,
    bool_or(named.is_direct) as is_direct,
    bool_or(coalesce(mention.is_credited, true)) as is_credited, -- a text need not name the only minister credited
    bool_or(coalesce(mention.is_in_office, true)) as is_in_office
from work.named
left join core.mention
    on named.release_id = mention.release_id and named.minister_id = mention.minister_id
where named.passage_place is not null
group by named.release_id, named.minister_id, named.passage_place
order by named.release_id, passage_place, named.minister_id;
