-- description: Every amount of the loaded releases.
insert into core.money_amount by name
with printed as (
    select
        fact_release.release_id,
        fact_release.published_date_id,
        unnest(release.amounts) as found,
        generate_subscripts(release.amounts, 1) as position
    from core.fact_release
    inner join staging.release
        on fact_release.source_path = release.path and fact_release.source_blob = release.blob
)

select
    release_id,
    position,
    found.printed as printed_as,
    found.amount,
    coalesce(found.currency, 'NZD') as currency,
    found.currency is not null as is_currency_printed
from printed
order by published_date_id, release_id, position;
