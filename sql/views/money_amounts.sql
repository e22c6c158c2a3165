-- description: Amounts of money printed in texts with a currency sign ($, £ or €). A range has two rows, one for each
--     end.
-- grain: release_id, position
-- warning: Do not add amounts up: one that is printed twice has two rows, and a total is listed beside its parts.
-- example: select count(*), max(amount) from money_amounts where currency = 'NZD'
-- column release_id: Id of the release; joins to releases.
-- column position: Place among the amounts of the text, counted from 1.
-- column title: Title of the release, as printed.
-- column nz_date: Best known New Zealand date of the release; NULL if no date is known.
-- column year: Calendar year of nz_date; NULL if no date is known.
-- column printed_as: Text of the amount as printed, such as `$23.5 million`; for the lower end of a range, the whole
--     range.
-- column amount: Amount as a number of currency units, such as 23500000; not additive.
-- column currency: ISO code of the currency; NZD where a plain $ is printed, which in a few releases means another
--     dollar.
-- column is_currency_printed: False if the text prints a plain $, so that NZD is assumed.
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
