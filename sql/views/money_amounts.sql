-- description: Every amount of money that a release prints with the sign of a currency ($, £ or €); of a range,
--     both ends.
-- grain: release_id, position
-- warning: An amount printed twice stands twice, and a whole beside its parts: do not sum them.
-- example: select count(*), max(amount) from money_amounts where currency = 'NZD'
-- column release_id: Joins to releases.
-- column position: Place among the amounts of the text, from 1.
-- column title: Of the release, as printed.
-- column nz_date: The best known New Zealand day; NULL where nothing is known.
-- column year: Calendar year of nz_date; NULL where undated.
-- column printed_as: As printed, such as `$23.5 million`; the lower end of a range with the whole range.
-- column amount: The number in the currency, such as 23500000; not additive.
-- column currency: ISO code; NZD where a plain $ is printed, which in a few releases means another dollar.
-- column is_currency_printed: False where NZD is understood.
create or replace view main.money_amounts as
select
    money_amount.release_id,
    money_amount.position,
    fact_release.title,
    fact_release.nz_date,
    dim_date.year,
    money_amount.printed_as,
    money_amount.amount,
    money_amount.currency,
    money_amount.is_currency_printed
from core.money_amount
inner join core.fact_release using (release_id)
inner join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
order by fact_release.published_date_id, money_amount.release_id, money_amount.position;
