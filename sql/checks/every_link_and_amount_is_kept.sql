-- description: Releases with more or fewer rows in core.release_link or core.money_amount than links or amounts of
--     money in their text.
-- severity: fail
with kept_links as (
    select
        release_id,
        count(*) as link_count
    from core.release_link
    group by release_id
),

kept_amounts as (
    select
        release_id,
        count(*) as money_amount_count
    from core.money_amount
    group by release_id
)

select
    fact_release.release_id,
    fact_release.link_count,
    kept_links.link_count as kept_link_count,
    fact_release.money_amount_count,
    kept_amounts.money_amount_count as kept_amount_count
from core.fact_release
left join kept_links using (release_id)
left join kept_amounts using (release_id)
where
    fact_release.link_count <> coalesce(kept_links.link_count, 0)
    or fact_release.money_amount_count <> coalesce(kept_amounts.money_amount_count, 0)
