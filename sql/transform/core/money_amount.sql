-- description: Every amount of money in the loaded releases.
-- scope: content
insert into core.money_amount by name
with printed as (
    select
        current_release.release_id,
        current_release.printed_date,
        unnest(release.amounts) as found,
        generate_subscripts(release.amounts, 1) as position
    from work.current_release
    inner join staging.release
        on current_release.release_row = release.rowid
)

select
    release_id,
    position,
    found.printed as printed_as,
    found.amount,
    coalesce(found.currency, 'NZD') as currency,
    found.currency is not null as is_currency_printed,
    found.kind,
    found.is_commitment,
    found.period,
    found.doubt as doubt_reason,
    found.sentence_place + 1 as sentence_place,
    found.sentence_length
from printed
order by printed_date, release_id, position;
