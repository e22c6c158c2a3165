-- description: Releases that have to do with a release: copies, near copies, others of its statement, and citations.
with this as (
    select
        release_id,
        twin_group_id,
        statement_id
    from core.fact_release
    where release_id = $release_id
),

near as (
    select
        case when release_id = $release_id then near_release_id else release_id end as release_id,
        similarity
    from core.near_twin
    where release_id = $release_id or near_release_id = $release_id
),

relatives as (
    select
        'copy' as kind,
        fact_release.release_id,
        null as share
    from core.fact_release
    inner join this
        on fact_release.twin_group_id = this.twin_group_id
    union all
    select
        'near' as kind,
        near.release_id,
        near.similarity as share
    from near
    union all
    select
        'statement' as kind,
        fact_release.release_id,
        null as share
    from core.fact_release
    inner join this
        on
            fact_release.statement_id = this.statement_id
            and fact_release.twin_group_id <> this.twin_group_id
            and fact_release.release_id not in (select near.release_id from near)
    union all
    select distinct
        'cited' as kind,
        target_release_id as release_id,
        null as share
    from core.release_link
    where release_id = $release_id and target_release_id is not null
    union all
    select distinct
        'citing' as kind,
        release_id,
        null as share
    from core.release_link
    where target_release_id = $release_id
)

select
    relatives.kind,
    relatives.share,
    fact_release.release_id,
    fact_release.title,
    fact_release.nz_date,
    fact_release.minister_names as ministers
from relatives
inner join core.fact_release using (release_id)
where relatives.release_id <> $release_id
