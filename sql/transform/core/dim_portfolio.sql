-- description: Portfolios from the seed with their topics, provisional entries for tags that no seed has, and one row
--     for each reason why a tag has no portfolio.
-- scope: whole
insert into core.dim_portfolio by name
with recursive members as (
    select
        portfolio_id,
        portfolio_name,
        kind,
        sector,
        certainty
    from seeds.portfolios

    union all by name

    select
        portfolio_id,
        max(provisional_name) as portfolio_name,
        'provisional' as kind
    from work.portfolio_decision
    where rule = 'provisional'
    group by portfolio_id

    union all by name

    select
        unnest(['not-stated', 'not-a-portfolio', 'unresolved']) as portfolio_id,
        unnest(['(not stated)', '(not a portfolio)', '(unresolved)']) as portfolio_name,
        'none' as kind
),

successions as (
    select
        portfolio_id as member_id,
        portfolio_id as family_id,
        0 as step
    from members

    union all

    select
        successions.member_id,
        portfolio_links.successor_id as family_id,
        successions.step + 1 as step
    from successions
    inner join seeds.portfolio_links
        on successions.family_id = portfolio_links.portfolio_id and portfolio_links.link in ('renamed', 'merged')
    where successions.step < 20
),

families as (
    select
        member_id as portfolio_id,
        max_by(family_id, step) as family_id
    from successions
    group by member_id
),

spans as (
    select
        tag.portfolio_id,
        min(dated.nz_date) as first_release_date,
        max(dated.nz_date) as last_release_date
    from work.tag
    inner join work.dated using (release_id)
    where dated.nz_date is not null
    group by tag.portfolio_id
)

select
    members.portfolio_id,
    members.portfolio_name,
    members.kind,
    members.sector,
    coalesce(own.cap_topic_code, of_sector.cap_topic_code)::integer as cap_topic_code,
    coalesce(own.cap_topic, of_sector.cap_topic) as cap_topic,
    families.family_id,
    members.certainty,
    members.kind <> 'none' as is_portfolio,
    members.kind = 'provisional' as is_provisional,
    spans.first_release_date,
    spans.last_release_date
from members
inner join families using (portfolio_id)
left join spans using (portfolio_id)
left join seeds.cap_topics as own
    on members.portfolio_id = own.portfolio_id
left join seeds.cap_topics as of_sector
    on members.sector = of_sector.sector and of_sector.portfolio_id is null
order by members.portfolio_id;
