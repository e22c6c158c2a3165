-- description: The id of the minister whom a name means: an id, a full name, another name of core.known_name, or a
--     surname or first name that only one minister has. Titles before it such as Hon, Dr or Prime Minister, case,
--     macrons, apostrophes and spaces make no difference. An unknown name, and one that fits several people, is an
--     error that names the nearest. NULL for NULL.
-- example: select minister_id_of('Hon Phil Goff')
create or replace macro main.minister_id_of(name) as (
    select main.only_member_id(called.given_name, called.given_members)
    from (
        select
            name::varchar as given_name,
            main.members_called('minister', name, regexp_replace(
                trim(name::varchar),
                '^(?:(?:the|right|rt|hon|honou?rable|sir|dame|lord|lady|dr|doctor|mr|mrs|ms|miss|mx|rev|reverend|'
                || '(?:adjunct |associate |assoc |emeritus )?prof(?:essor)?|'
                || '(?:acting |associate |deputy |former |prime )*minister)(?:\.\s*|\s+))+',
                '', 'i'
            )) as given_members
    ) as called
);
