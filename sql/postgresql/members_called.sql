-- description: All that is called by a name; minister_id_of and portfolio_id_of return the id if there is only one.
--     Arguments: minister or portfolio; the name; and the name without what may be left out of it, such as Hon. An
--     unknown name is an error that names the nearest.
-- example: select member_id from members_called('portfolio', 'Science', 'Science')
create or replace function members_called(wanted_kind text, given_name text, bare_name text)
returns table (member_id text, name text, label text)
language plpgsql stable parallel safe
set search_path from current
as $$
declare
    given_key text := replace(name_words(given_name), ' ', '');
    bare_key text := nullif(replace(name_words(bare_name), ' ', ''), '');
    nearest_names text;
begin
    if given_name is null then
        return;
    end if;
    return query
    with members as (
        select
            known_name.member_id,
            min(known_name.full_name) as full_name,
            coalesce(' (' || min(known_name.years) || ')', '') as years,
            min(case
                when known_name.name_key in (given_key, bare_key) then known_name.precedence
                when starts_with(name_words(known_name.full_name), name_words(bare_name) || ' ') then 9
            end) as precedence
        from core_known_name as known_name
        where known_name.kind = wanted_kind
        group by known_name.member_id
    )

    select
        members.member_id,
        members.full_name,
        members.full_name || members.years
    from members
    where members.precedence = (select min(best.precedence) from members as best);
    if found then
        return;
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
