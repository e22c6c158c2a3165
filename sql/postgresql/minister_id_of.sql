-- description: The id of the minister whom a name means: an id, a full name, another name, or a surname or first name
--     that only one minister has. Titles before it such as Hon, Dr or Prime Minister, case, macrons, apostrophes and
--     spaces make no difference. An unknown name, and one that fits several people, is an error. NULL for NULL.
-- example: select minister_id_of('Hon Phil Goff')
create or replace function minister_id_of(minister text) returns text
language sql stable parallel safe
set search_path from current
as $$
    select member_id_of('minister', minister, regexp_replace(
        trim(minister),
        '^(?:(?:the|right|rt|hon|honou?rable|sir|dame|lord|lady|dr|doctor|mr|mrs|ms|miss|mx|rev|reverend|'
        || '(?:adjunct |associate |assoc |emeritus )?prof(?:essor)?|(?:acting |associate |deputy |former |prime )*minister)'
        || '(?:\.\s*|\s+))+', '', 'i'
    ))
$$;
