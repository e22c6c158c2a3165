-- description: The id of what is called by a name, as minister_id_of and portfolio_id_of return it. Arguments: minister
--     or portfolio; the name; and the name without what may be left out of it, such as Hon. An unknown name, and one
--     that fits several, is an error.
-- example: select member_id_of('minister', 'Hon Phil Goff', 'Phil Goff')
create or replace function member_id_of(wanted_kind text, given_name text, bare_name text) returns text
language plpgsql stable parallel safe
set search_path from current
as $$
declare
    meant_ids text[];
    meant_names text[];
begin
    select
        array_agg(called.member_id),
        array_agg(called.label order by called.label collate "C")
    into meant_ids, meant_names
    from members_called(wanted_kind, given_name, bare_name) as called;
    if cardinality(meant_ids) > 1 then
        raise '''%'' could be %. Give the full name.', given_name,
            array_to_string(meant_names[:5], ' or ')
            || case when cardinality(meant_ids) > 5 then ' or ' || cardinality(meant_ids) - 5 || ' more' else '' end;
    end if;
    return meant_ids[1];
end;
$$;
