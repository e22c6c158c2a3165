-- description: The id of what is called by a name, as minister_id_of and portfolio_id_of return it. Arguments: minister
--     or portfolio; the name; and the name without what may be left out of it, such as Hon.
-- example: select member_id_of('minister', 'Hon Phil Goff', 'Phil Goff')
create or replace function member_id_of(wanted_kind text, given_name text, bare_name text) returns text
language plpgsql stable parallel safe
set search_path from current
as $$
declare
    given_key text := replace(name_words(given_name), ' ', '');
    bare_key text := nullif(replace(name_words(bare_name), ' ', ''), '');
    meant_ids text[];
    meant_names text[];
    nearest_names text;
begin
    if given_name is null then
        return null;
    end if;
    with members as (
        select
            member_id,
            min(full_name) || coalesce(' (' || min(years) || ')', '') as shown_name,
            min(case
                when name_key in (given_key, bare_key) then precedence
                when starts_with(name_words(full_name), name_words(bare_name) || ' ') then 9
            end) as precedence
        from core_known_name
        where kind = wanted_kind
        group by member_id
    )

    select
        array_agg(member_id),
        array_agg(shown_name order by shown_name collate "C")
    into meant_ids, meant_names
    from members
    where precedence = (select min(precedence) from members);
    if cardinality(meant_ids) = 1 then
        return meant_ids[1];
    elsif cardinality(meant_ids) > 1 then
        raise '''%'' could be %. Give the full name.', given_name,
            array_to_string(meant_names[:5], ' or ')
            || case when cardinality(meant_ids) > 5 then ' or ' || cardinality(meant_ids) - 5 || ' more' else '' end;
    end if;
    select string_agg(full_name, ', ')
    into nearest_names
    from (
        select full_name
        from core_known_name
        where kind = wanted_kind and (strpos(name_key, bare_key) > 0 or strpos(bare_key, name_key) > 0)
        group by full_name
        order by min(abs(length(name_key) - length(bare_key))), full_name collate "C"
        limit 3
    ) as nearest;
    raise 'No % is called ''%''. %', wanted_kind, given_name,
        coalesce('Nearest: ' || nearest_names || '.', 'The table ' || wanted_kind || 's lists them.');
end;
$$;
