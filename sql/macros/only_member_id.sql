-- description: The id of the only member of a list that members_called returned for a name. A list of several is an
--     error that names them. NULL for NULL. Arguments: columns with the name and the list.
-- example: select only_member_id(name, members) from (select 'Goff' as name, [{'member_id': 'a', 'label': 'A'}] as
--     members)
create or replace macro main.only_member_id(name, members) as
case
    when len(members) > 1
        then error(
            '''' || name || ''' could be ' || array_to_string([member.label for member in members[:5]], ' or ')
            || case when len(members) > 5 then ' or ' || (len(members) - 5) || ' more' else '' end
            || '. Give the full name.'
        )
    else members[1].member_id
end;
