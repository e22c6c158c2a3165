-- description: Full names in the texts of releases that credit nobody who was in office, blind to case, macrons and
--     apostrophes, of people who are credited within half a year of it and served in a government in office then, as
--     far as their terms are known.
insert into core.inferred_minister by name
with texts as (
    select
        fact_release.release_id,
        fact_release.nz_date,
        ' ' || regexp_replace(
            lower(strip_accents(replace(replace(release.body, '’', ''), '''', ''))), '[^a-z0-9]+', ' ', 'g'
        ) || ' ' as words
    from core.fact_release
    inner join staging.release
        on fact_release.source_path = release.path and fact_release.source_blob = release.blob
    where
        fact_release.release_id not in (
            select credit.release_id from work.credit
            where credit.is_counted
        )
        and fact_release.has_body
),

names as (
    select
        minister_id,
        minister_name as name,
        'full_name' as method
    from core.dim_minister
    where is_person

    union all

    select
        minister_id,
        alias as name,
        'alias' as method
    from seeds.person_aliases
),

keyed as (
    select
        names.minister_id,
        names.method,
        ' ' || trim(regexp_replace(
            lower(strip_accents(replace(names.name, '''', ''))), '[^a-z0-9]+', ' ', 'g'
        )) || ' ' as words
    from names
    where contains(trim(names.name), ' ')
),

found as (
    select
        texts.release_id,
        texts.nz_date,
        keyed.minister_id,
        keyed.method,
        len(string_split(texts.words, keyed.words)) - 1 as mention_count,
        instr(texts.words, keyed.words) as place
    from texts
    inner join keyed
        on contains(texts.words, keyed.words)
),

in_office as (
    select found.*
    from found
    inner join core.dim_minister using (minister_id)
    where
        found.nz_date between dim_minister.first_release_date - interval 6 month
        and dim_minister.last_release_date + interval 6 month
        and (
            found.minister_id not in (select minister_term.minister_id from core.minister_term)
            or exists (
                select 1
                from core.minister_term
                inner join core.dim_government using (government_id)
                where
                    minister_term.minister_id = found.minister_id
                    and found.nz_date >= dim_government.start_date
                    and found.nz_date <= coalesce(dim_government.end_date, 'infinity'::date)
            )
        )
)

select
    release_id,
    minister_id,
    max(method) as method,
    sum(mention_count)::bigint as mention_count,
    row_number() over (partition by release_id order by min(place) asc, minister_id asc) as position
from in_office
group by release_id, minister_id
order by release_id, position;
