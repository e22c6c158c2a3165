-- description: Releases whose date may be wrong: the text states another day, no date is printed, copies of the text
--     are dated more than three days apart (a wrong day, month or year, or a text that was used again), or everybody
--     credited was out of government (a wrong year).
-- grain: release_id
-- column release_id: Id of the release; joins to releases.
-- column title: Title of the release, as printed.
-- column url: Address of the release on the site, as printed in its front matter.
-- column nz_date: Best known New Zealand date of the release; NULL if no date is known.
-- column year: Calendar year of nz_date; NULL if no date is known.
-- column month_of_term: Month of the parliamentary term on nz_date, where month 1 begins on the day of the general
--     election; NULL if no date is known.
-- column government_name: Name of the government in office on nz_date, such as `Fifth Labour Government`; Unknown for
--     undated releases.
-- column published_date: Date printed in the front matter; NULL if none is printed.
-- column opening_date: Date line that the text begins with; NULL if it begins with none.
-- column stated_date: Day that the text states, if it is another than the printed day or settles a UTC day, which the
--     name of an attached file can do, too; NULL if there is none.
-- column stated_words: The words of the text that state it, or the name of the file; NULL if there is no stated_date.
-- column date_basis: What nz_date is based on: local (the printed New Zealand date), utc_day (the printed UTC date),
--     stated (the New Zealand day that the text or an attached file states), disputed (the printed date, where the text
--     states another day: see doubtful_dates), exact (the index of publication times), recovered (evidence in a seed)
--     or unknown.
-- column doubt: Why the date is in doubt, in words.
-- column source_path: Path of the file in the archive.
create or replace view main.doubtful_dates as
with spread as (
    select
        twin_group_id,
        min(nz_date) as first_date,
        max(nz_date) as last_date
    from core.fact_release
    where twin_count > 1
    group by twin_group_id
    having last_date - first_date > 3
),

strangers as (
    select
        bridge.release_id,
        string_agg(distinct dim_minister.minister_name, '; ' order by dim_minister.minister_name) as names
    from core.bridge_release_minister as bridge
    inner join core.dim_minister using (minister_id)
    inner join core.fact_release using (release_id)
    where bridge.is_out_of_government and fact_release.minister_count = 0
    group by bridge.release_id
)

select
    fact_release.release_id,
    fact_release.title,
    fact_release.url,
    fact_release.nz_date,
    dim_date.year,
    dim_date.month_of_term,
    dim_government.government_name,
    fact_release.published_date,
    fact_release.opening_date,
    fact_release.stated_date,
    fact_release.stated_words,
    fact_release.date_basis,
    case
        when fact_release.date_basis = 'recovered' then 'no day is printed: recovered from evidence'
        when fact_release.published_date is null then 'no day is printed'
        when fact_release.is_date_doubtful
            then
                case
                    when fact_release.stated_date = fact_release.opening_date
                        then 'the text opens with ' || strftime(fact_release.stated_date, '%-d %B %Y')
                    else
                        'the text states ' || strftime(fact_release.stated_date, '%-d %B %Y: ')
                        || '"' || fact_release.stated_words || '"'
                end
        when strangers.names is not null then 'everybody credited was out of government: ' || strangers.names
        when fact_release.nz_date = spread.first_date
            then 'the same text stands under ' || strftime(spread.last_date, '%-d %B %Y')
        else 'the same text stands under ' || strftime(spread.first_date, '%-d %B %Y')
    end as doubt,
    fact_release.source_path
from core.fact_release
inner join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
inner join core.dim_government
    on fact_release.government_id = dim_government.government_id
left join spread using (twin_group_id)
left join strangers
    on fact_release.release_id = strangers.release_id
where
    fact_release.is_date_doubtful
    or fact_release.published_date is null
    or spread.twin_group_id is not null
    or strangers.release_id is not null
order by fact_release.source_path;
