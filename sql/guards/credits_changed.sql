-- description: Too many releases whose file is the same as before are credited to other people or portfolios: a seed
--     may have been sorted by one of its columns only. A decision on a name changes the credits of its releases, which
--     reaches the limit only if the name is on one release in fifty.
-- limit: 0.02
-- floor: 20
with credited as (
    select
        release_id,
        minister_id as member_id
    from core.bridge_release_minister

    union all

    select
        release_id,
        portfolio_id as member_id
    from core.bridge_release_portfolio
),

members as (
    select
        release_id,
        sum(hash(member_id)) as member_digest
    from credited
    group by release_id
)

select
    'unchanged releases' as subject,
    count(*) filter (members.member_digest <> previous_credit.member_digest) as seen_count,
    count(*) as base_count
from core.fact_release
inner join work.previous_credit
    on fact_release.source_path = previous_credit.path and fact_release.source_blob = previous_credit.blob
inner join members using (release_id)
having count(*) > 0
