-- description: All that is called by a name, as a list of member_id, name and label; minister_id_of and portfolio_id_of
--     return the id if there is only one. Arguments: minister or portfolio; the name; and the name without what may be
--     left out of it, such as Hon. An unknown name is an error that names the nearest. NULL for NULL.
-- example: select members_called('portfolio', 'Science', 'Science')
create or replace macro main.members_called(kind, name, bare_name) as (
    -- Arguments may be columns of an outer query: they are renamed here, where no column has the same name.
    with called as (
        select
            kind as given_kind,
            name::varchar as given_name,
            -- DuckDB 1.4 takes NULL for a number unless it is cast.
            main.name_words(name::varchar)::varchar as given_words,
            main.name_words(bare_name)::varchar as bare_words
    ),

    given as (
        select
            given_kind,
            given_name,
            replace(given_words, ' ', '') as given_key,
            nullif(replace(bare_words, ' ', ''), '') as bare_key,
            bare_words || ' ' as bare_beginning
        from called
    ),

    members as (
        select
            known_name.member_id,
            any_value(known_name.full_name) as full_name,
            any_value(coalesce(' (' || known_name.years || ')', '')) as years,
            min(case
                when known_name.name_key in (given.given_key, given.bare_key) then known_name.precedence
                when starts_with(main.name_words(known_name.full_name), given.bare_beginning) then 9
            end) as precedence,
            -- A name inside another is nearer than one with similar letters.
            max(
                jaro_winkler_similarity(known_name.name_key, given.bare_key)
                + contains(known_name.name_key, given.bare_key)::integer
                + contains(given.bare_key, known_name.name_key)::integer
            ) as similarity
        from core.known_name
        inner join given
            on known_name.kind = given.given_kind and given.given_name is not null
        group by known_name.member_id
    ),

    ranked as (
        select
            *,
            precedence = min(precedence) over () as is_meant
        from members
    ),

    answer as (
        select
            list(
                { 'member_id': member_id, 'name': full_name, 'label': full_name || years } order by full_name, member_id
            ) filter (where is_meant) as meant,
            max_by(full_name, (similarity, full_name), 3) filter (where similarity >= 0.8) as nearest_names
        from ranked
    )

    select
        case
            when given.given_name is null or answer.meant is not null then answer.meant
            else error(
                'No ' || given.given_kind || ' is called ''' || given.given_name || '''. '
                || coalesce(
                    'Nearest: ' || array_to_string(answer.nearest_names, ', '),
                    'The view ' || given.given_kind || 's lists them'
                ) || '.'
            )
        end
    from given
    cross join answer
);
