-- description: Each statement once, with all releases that published it. Before 2009 a joint statement was published
--     once for each minister, with the same or a reworked text, so one statement can be several releases.
-- grain: statement_id
-- files: by year of statement_id within statement_id
-- warning: Found by rule, for releases dated within three days of each other: two texts that share little, such as a
--     speech and a release about it, count as two statements. core.statement_link has the evidence for each link.
-- example: select title, statement_ministers, release_count from statements where statement_minister_count > 1
-- metric statement_count: count(statement_id): Number of statements, however many releases published each; additive.
-- metric joint_statement_share: avg(case when statement_minister_count > 1 then 1.0 else 0.0 end): Share of the
--     statements that credit two people or more, on one release or on several, 0 to 1; not additive.
-- column statement_id: Id of the statement: the id of its earliest release; joins to statement_id in releases.
-- column release_id: Id of the earliest release of the statement, the same as statement_id; joins to releases.
-- column title: Title of the earliest release of the statement, as printed.
-- column url: Address of the earliest release of the statement, as printed in its front matter.
-- column nz_date: Best known New Zealand date of the earliest release of the statement; NULL if no date is known.
-- column year: Calendar year of nz_date; NULL if no date is known.
-- column month_of_term: Month of the parliamentary term on nz_date, where month 1 begins on the day of the general
--     election; NULL if no date is known.
-- column government_name: Name of the government in office on nz_date, such as `Fifth Labour Government`; Unknown for
--     undated releases.
-- column last_nz_date: Latest nz_date among the releases of the statement; NULL if all are undated.
-- column release_count: Number of releases that published the statement, every copy counted; additive.
-- column text_count: Number of different texts of the statement: exact copies count once; additive.
-- column linked_by: Why the releases are one statement, separated by '; ': same_text, same_title (the same title and
--     most of the text), other_ministers (most of the text, on one day, by other ministers) or near_copy (nearly the
--     whole text); NULL for a single release.
-- column statement_minister_count: Number of people credited by any release of the statement, each counted once; the
--     sum over statements counts credits, not people.
-- column statement_ministers: Names of everybody credited by a release of the statement, in alphabetical order,
--     separated by '; '; NULL if nobody is credited.
-- column statement_release_ids: Ids of the releases of the statement, separated by '; '.
create or replace view main.statements as
with people as (
    select
        fact_release.statement_id,
        count(distinct bridge.minister_id) as statement_minister_count,
        string_agg(distinct dim_minister.minister_name, '; ' order by dim_minister.minister_name) as statement_ministers
    from core.bridge_release_minister as bridge
    inner join core.fact_release using (release_id)
    inner join core.dim_minister using (minister_id)
    where dim_minister.is_person and not bridge.is_out_of_government
    group by fact_release.statement_id
),

rules as (
    select
        statement_id,
        string_agg(distinct rule, '; ' order by rule) as rules
    from core.statement_link
    group by statement_id
),

grouped as (
    select
        statement_id,
        max(nz_date) as last_nz_date,
        count(*) as release_count,
        count(distinct twin_group_id) as text_count,
        string_agg(release_id, '; ' order by release_id) as statement_release_ids
    from core.fact_release
    group by statement_id
)

select
    grouped.statement_id,
    fact_release.release_id,
    fact_release.title,
    fact_release.url,
    fact_release.nz_date,
    dim_date.year,
    dim_date.month_of_term,
    dim_government.government_name,
    grouped.last_nz_date,
    grouped.release_count,
    grouped.text_count,
    nullif(
        concat_ws('; ', rules.rules, case when grouped.release_count > grouped.text_count then 'same_text' end), ''
    ) as linked_by,
    coalesce(people.statement_minister_count, 0) as statement_minister_count,
    people.statement_ministers,
    grouped.statement_release_ids
from grouped
inner join core.fact_release
    on grouped.statement_id = fact_release.release_id
inner join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
inner join core.dim_government
    on fact_release.government_id = dim_government.government_id
left join people
    on grouped.statement_id = people.statement_id
left join rules
    on grouped.statement_id = rules.statement_id
order by fact_release.nz_date, grouped.statement_id;
